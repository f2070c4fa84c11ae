/** Steps of one hue in the 256-colour palette, pale to strong, each with a text colour that stays readable on it. */
const shades = [
  { background: 195, text: 16 },
  { background: 159, text: 16 },
  { background: 116, text: 16 },
  { background: 73, text: 16 },
  { background: 30, text: 231 },
  { background: 23, text: 231 },
] as const;

/** `strength`: 0 (pale) to 1 (strong); undefined for no shade. */
export function shaded(text: string, strength: number | undefined): string {
  if (strength === undefined) return text;
  const step = Math.min(shades.length - 1, Math.max(0, Math.floor(strength * shades.length)));
  const { background, text: foreground } = shades[step] ?? shades[0];
  return `\u001b[48;5;${background};38;5;${foreground}m${text}\u001b[0m`;
}
