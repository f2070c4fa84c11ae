import { templateFaults, templateFrom, type TemplateFile } from './template.js';

const file = (parts: Partial<TemplateFile>): TemplateFile => ({
  id: 't',
  channel: 'email',
  name: 'T',
  subject: 's',
  text: 't',
  ...parts,
});

describe('rendering a template', () => {
  it('fills in variables, and leaves out what is not known', () => {
    const template = templateFrom(
      file({ subject: 'Hi{% if first_name %} {{ first_name }}{% endif %}', text: '[{{ x }}]' }),
    );
    expect(template.render({ first_name: 'Ada' })).toEqual({ subject: 'Hi Ada', text: '[]', html: null });
    expect(template.render({}).subject).toBe('Hi');
  });

  it('escapes in HTML, and only there', () => {
    const template = templateFrom(file({ text: '{{ n }}', html: '<b>{{ n }}</b>' }));
    const rendered = template.render({ n: '<script>&' });
    expect(rendered).toMatchObject({ text: '<script>&', html: '<b>&lt;script&gt;&amp;</b>' });
  });

  it('keeps a subject on one line, whatever a variable holds', () => {
    const { subject } = templateFrom(file({ subject: 'Hi {{ n }}' })).render({ n: 'Ada\r\nBcc: all@example.com' });
    expect(subject).toBe('Hi Ada Bcc: all@example.com');
  });

  it('never runs what stands in a variable', () => {
    expect(templateFrom(file({ text: '{{ n }}' })).render({ n: '{{ 7 | times: 7 }}' }).text).toBe('{{ 7 | times: 7 }}');
  });

  it.each(['{{ n.constructor.name }}', '{{ n.__proto__ }}', '{{ constructor }}'])(
    'sees no inherited property: %s',
    (text) => {
      expect(templateFrom(file({ text })).render({ n: 'x' }).text).toBe('');
    },
  );

  it.each([
    ['a loop without end', '{% for i in (1..100000000) %}x{% endfor %}'],
    [
      'a text that grows without end',
      '{% assign s = "xxxxxxxxxx" %}{% for i in (1..99) %}{% assign s = s | append: s %}{% endfor %}',
    ],
    ['a file', '{% include "package.json" %}'],
  ])('refuses %s', (_, text) => {
    expect(() => templateFrom(file({ text })).render({})).toThrow();
  });
});

describe('faults of a template', () => {
  it('are none in a sound one, and name the part that is no Liquid', () => {
    expect(templateFaults(file({}))).toEqual([]);
    expect(templateFaults(file({ html: '{% if %}' }))).toEqual([
      { part: 'html', message: expect.stringContaining('is no valid Liquid') },
    ]);
    expect(templateFaults(file({ text: '{{ a | nosuchfilter }}' }))).toMatchObject([{ part: 'text' }]);
  });
});
