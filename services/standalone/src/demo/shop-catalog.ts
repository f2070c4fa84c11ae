/** What the generated shop sells: coffee and tea that run out (so people come back), and gear that lasts. */
export interface Product {
  readonly id: string;
  readonly name: string;
  readonly category: 'coffee' | 'tea' | 'gear' | 'gift';
  /** EUR cents. */
  readonly price: number;
  /** Relative odds of being put into a basket. */
  readonly appeal: number;
}

export const products: readonly Product[] = [
  { id: 'cof-house-250', name: 'House Blend 250 g', category: 'coffee', price: 890, appeal: 14 },
  { id: 'cof-house-1000', name: 'House Blend 1 kg', category: 'coffee', price: 2990, appeal: 9 },
  { id: 'cof-sidamo-250', name: 'Sidamo, Ethiopia 250 g', category: 'coffee', price: 1250, appeal: 9 },
  { id: 'cof-huila-250', name: 'Huila, Colombia 250 g', category: 'coffee', price: 1190, appeal: 8 },
  { id: 'cof-decaf-250', name: 'Decaf, Mexico 250 g', category: 'coffee', price: 1090, appeal: 5 },
  { id: 'cof-espresso-1000', name: 'Espresso Scuro 1 kg', category: 'coffee', price: 2790, appeal: 8 },
  { id: 'tea-sencha-100', name: 'Sencha 100 g', category: 'tea', price: 950, appeal: 5 },
  { id: 'tea-earlgrey-100', name: 'Earl Grey 100 g', category: 'tea', price: 790, appeal: 6 },
  { id: 'tea-rooibos-100', name: 'Rooibos Vanilla 100 g', category: 'tea', price: 690, appeal: 4 },
  { id: 'gear-v60', name: 'Pour-over Dripper', category: 'gear', price: 2450, appeal: 3 },
  { id: 'gear-filters', name: 'Paper Filters, 100 pieces', category: 'gear', price: 590, appeal: 7 },
  { id: 'gear-kettle', name: 'Gooseneck Kettle', category: 'gear', price: 6900, appeal: 1.5 },
  { id: 'gear-grinder', name: 'Hand Grinder', category: 'gear', price: 8900, appeal: 1.5 },
  { id: 'gear-mug', name: 'Stoneware Mug', category: 'gear', price: 1490, appeal: 3 },
  { id: 'gift-tasting', name: 'Tasting Box, six origins', category: 'gift', price: 3490, appeal: 2 },
  { id: 'gift-advent', name: 'Advent Coffee Calendar', category: 'gift', price: 4990, appeal: 0.8 },
];

/**
 * How people of one acquisition source behave. Orders after the first follow a buy-till-you-die model: each person has a
 * rate of their own (gamma, `pace` orders in 30 days on average) and after every order leaves for good with a
 * probability of their own (beta, `leaving` on average).
 */
export interface AcquisitionSource {
  readonly source: string;
  readonly medium: string;
  readonly campaigns: readonly string[];
  /** Relative share of new customers. */
  readonly share: number;
  readonly pace: number;
  readonly leaving: number;
  /** Factor on basket sizes. */
  readonly basket: number;
}

export const acquisitionSources: readonly AcquisitionSource[] = [
  {
    source: 'google',
    medium: 'cpc',
    campaigns: ['brand', 'fresh-coffee', 'espresso-beans'],
    share: 30,
    pace: 0.95,
    leaving: 0.24,
    basket: 1,
  },
  {
    source: 'google',
    medium: 'organic',
    campaigns: ['(organic)'],
    share: 24,
    pace: 1.0,
    leaving: 0.19,
    basket: 1.05,
  },
  {
    source: 'instagram',
    medium: 'paid-social',
    campaigns: ['advent-calendar', 'spring-tasting', 'latte-art'],
    share: 22,
    pace: 0.7,
    leaving: 0.42,
    basket: 0.85,
  },
  {
    source: 'newsletter',
    medium: 'email',
    campaigns: ['welcome-10', 'new-harvest'],
    share: 9,
    pace: 1.15,
    leaving: 0.15,
    basket: 1.1,
  },
  {
    source: 'friend',
    medium: 'referral',
    campaigns: ['give-5-get-5'],
    share: 10,
    pace: 1.25,
    leaving: 0.11,
    basket: 1.15,
  },
  {
    source: 'marketplace',
    medium: 'affiliate',
    campaigns: ['gift-guide'],
    share: 5,
    pace: 0.45,
    leaving: 0.6,
    basket: 1.3,
  },
];

export interface Country {
  readonly code: string;
  readonly name: string;
  readonly share: number;
  readonly cities: readonly string[];
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
}

export const countries: readonly Country[] = [
  {
    code: 'DE',
    name: 'Germany',
    share: 46,
    cities: ['Berlin', 'Hamburg', 'Köln', 'Leipzig', 'München'],
    firstNames: ['Anna', 'Lukas', 'Mia', 'Jonas', 'Lena', 'Felix', 'Sophie', 'Paul', 'Jörg', 'Käthe'],
    lastNames: ['Müller', 'Schmidt', 'Fischer', 'Weber', 'Wagner', 'Becker', 'Hoffmann', 'Krüger', 'Lorenz', 'Voigt'],
  },
  {
    code: 'AT',
    name: 'Austria',
    share: 12,
    cities: ['Wien', 'Graz', 'Linz', 'Salzburg'],
    firstNames: ['Valentina', 'Tobias', 'Elena', 'Maximilian', 'Magdalena', 'Florian'],
    lastNames: ['Gruber', 'Huber', 'Steiner', 'Moser', 'Mayer', 'Leitner'],
  },
  {
    code: 'FR',
    name: 'France',
    share: 14,
    cities: ['Paris', 'Lyon', 'Nantes', 'Lille'],
    firstNames: ['Camille', 'Hugo', 'Chloé', 'Léo', 'Inès', 'Théo', 'Zoé'],
    lastNames: ['Martin', 'Bernard', 'Dubois', 'Lefèvre', 'Moreau', 'Girard', 'Roux'],
  },
  {
    code: 'NL',
    name: 'Netherlands',
    share: 13,
    cities: ['Amsterdam', 'Utrecht', 'Rotterdam', 'Groningen'],
    firstNames: ['Emma', 'Daan', 'Sanne', 'Sem', 'Lotte', 'Bram'],
    lastNames: ['de Jong', 'Jansen', 'de Vries', 'Bakker', 'Visser', 'Smit'],
  },
  {
    code: 'GB',
    name: 'United Kingdom',
    share: 15,
    cities: ['London', 'Leeds', 'Bristol', 'Glasgow'],
    firstNames: ['Olivia', 'George', 'Amelia', 'Harry', 'Isla', 'Noah', 'Priya'],
    lastNames: ['Smith', 'Jones', 'Taylor', 'Patel', "O'Brien", 'Walker', 'Hughes'],
  },
];

/** Demand by month, January first: gifts before Christmas, a quiet summer. */
export const seasonByMonth: readonly number[] = [0.92, 0.9, 0.97, 1.0, 0.96, 0.84, 0.78, 0.82, 1.0, 1.08, 1.32, 1.45];
