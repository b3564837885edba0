// The arrows of the web app: app -> features -> shared -> contract; feature modules never meet.
import js from "@eslint/js";
import boundaries from "eslint-plugin-boundaries";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

const layer = (type, ...types) => ({
  from: { element: { type } },
  allow: { to: { element: { types: { anyOf: types } } } },
});

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/contract/schema.ts", "test-results", "playwright-report"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": ["error", { ignoreVoid: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-restricted-syntax": [
        "error",
        { selector: "TSAsExpression > TSNeverKeyword", message: "`as never` silences every type; say what it is." },
      ],
      "max-len": ["error", { code: 120, ignoreUrls: true }],
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks, boundaries },
    settings: {
      "import/resolver": { typescript: { project: "./tsconfig.json" } },
      "boundaries/elements": [
        { type: "contract", pattern: "src/contract" },
        { type: "shared", pattern: "src/shared" },
        { type: "feature", pattern: "src/features/*", capture: ["module"] },
        { type: "app", pattern: "src/app" },
        { type: "test", pattern: "src/test" },
      ],
    },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "boundaries/dependencies": [
        "error",
        {
          default: "disallow",
          policies: [
            layer("contract", "contract"),
            layer("shared", "shared", "contract", "test"),
            layer("feature", "shared", "contract", "test"),
            {
              from: { element: { type: "feature" } },
              allow: {
                to: { element: { type: "feature", captured: { module: "{{ from.element.captured.module }}" } } },
              },
            },
            layer("app", "app", "feature", "shared", "contract", "test"),
            layer("test", "test", "app", "feature", "shared", "contract"),
            { allow: { to: { module: { origin: "external" } } } },
            { allow: { to: { module: { origin: "core" } } } },
          ],
        },
      ],
    },
  },
  { files: ["*.js", "scripts/**/*.mjs"], languageOptions: { globals: globals.node } },
  { files: ["public/**/*.js", "widget/public/**/*.js"], languageOptions: { globals: globals.browser } },
);
