import { describe, expect, it } from "vitest";
import { TOPICS } from "@/lib/demo/content";
import { Random } from "@/lib/demo/random";
import { factsFor, fill } from "@/lib/demo/text";
import { toolOf } from "@/lib/demo/toolbox";
import { VERSIONS } from "@/lib/demo/versions";

const facts = factsFor(new Random("facts"));

describe("templates", () => {
  it("fill facts, words, numbers, amounts and hexadecimal digits", () => {
    const random = new Random("fill");
    expect(fill("{customer} and {customer}", random, facts)).toBe(
      `${facts.customer} and ${facts.customer}`,
    );
    expect(fill("{#3-5}", random, {})).toMatch(/^[345]$/);
    expect(fill("{$10-12}", random, {})).toMatch(/^1[012]\.\d\d$/);
    expect(fill("{x9}", random, {})).toMatch(/^[0-9a-f]{9}$/);
    expect(fill('{"a": {}}', random, {})).toBe('{"a": {}}');
  });

  it("of every topic leave no placeholder behind", () => {
    const random = new Random("topics");
    for (const topic of Object.values(TOPICS)) {
      const templates = [...topic.titles, ...topic.prompts, ...topic.followUps, ...topic.notes];
      expect(templates.length).toBeGreaterThan(6);
      for (const template of [...templates, ...topic.answers]) {
        const named = [...template.matchAll(/\{([a-z]+)\}/g)].map((match) => match[1]);
        const text = fill(template, random, facts);
        expect(text).not.toMatch(/\{[a-z#$]/);
        // A name the vocabulary does not know would stand there as it is.
        for (const name of named) expect(fill(`{${name}}`, random, facts)).not.toBe(name);
      }
    }
  });
});

describe("the toolbox", () => {
  it("has every tool an agent version names, with JSON inputs and answers of the wanted length", () => {
    const random = new Random("tools");
    for (const key of new Set(VERSIONS.flatMap((version) => version.tools))) {
      const tool = toolOf(key);
      expect(JSON.parse(JSON.stringify(tool.input(random, facts)))).not.toEqual({});
      expect(tool.output(random, facts, 200).length).toBeGreaterThan(10);
      for (const error of tool.errors) expect(fill(error, random, facts)).not.toMatch(/\{[a-z]+\}/);
    }
    expect(toolOf("read").output(random, facts, 9_000).length).toBeGreaterThanOrEqual(9_000);
    expect(() => toolOf("nothing")).toThrow(RangeError);
  });
});
