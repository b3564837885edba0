import { describe, expect, it } from "vitest";
import { fit } from "./fit";

describe("how a command fits", () => {
  it.each([
    ["", ["Live"], 1],
    ["live", ["Live"], 1],
    ["li", ["Live"], 0.8],
    ["pri", ["Live"], 0],
    ["amelie", ["Amélie Laurent"], 1],
    ["theme dark", ["Use the dark theme"], 1],
    ["ember", ["Members"], 0.4],
    ["be", ["Members"], 0],
    ["live nowhere", ["Live"], 0],
  ] as const)("%j in %j is %f", (search, texts, expected) => {
    expect(fit(search, texts)).toBe(expected);
  });
});
