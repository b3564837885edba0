import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";
import type { Credentials } from "@/contract";
import { session } from "@/shared/session/session";
import { me } from "@/test/build";
import { server } from "@/test/server";
import { show } from "@/test/show";
import { SignInPage } from "./page";

const address = "http://switchboard.test/api/v1/identity/login";
const problem = (status: number, code: string, errors: object[] = []) =>
  HttpResponse.json({ type: "", title: "", status, code, detail: code, errors, trace: "" }, { status });

async function fill(password = "a long password"): Promise<void> {
  await userEvent.type(await screen.findByLabelText("E-mail"), "ada@engine.example");
  await userEvent.type(screen.getByLabelText("Password"), password);
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

describe("signing in", () => {
  it("leads back to where somebody wanted to go", async () => {
    server.use(
      http.post(address, () => HttpResponse.json({ access_token: "t", expires_in: 900, refresh_token: "", me: me() })),
    );
    const { at } = await show(<SignInPage />, { path: "/sign-in?return=%2Finbox%2Fmine%2Fc1" });
    await fill();
    await expect.poll(at).toBe("/inbox/mine/c1");
    expect(session.get().state).toBe("signed_in");
  });

  it("says that address and password do not fit, and keeps what was typed", async () => {
    server.use(http.post(address, () => problem(401, "wrong_credentials")));
    await show(<SignInPage />);
    await fill();
    expect((await screen.findByRole("alert")).textContent).toMatch(/do not belong together/);
    expect(screen.getByLabelText<HTMLInputElement>("E-mail").value).toBe("ada@engine.example");
  });

  it("asks which company when there are several", async () => {
    const asked: Credentials[] = [];
    server.use(
      http.post(address, async ({ request }) => {
        const credentials = (await request.json()) as Credentials;
        asked.push(credentials);
        if (!credentials.tenant)
          return problem(409, "choose_tenant", [
            { field: "tenant", message: "acme" },
            { field: "tenant", message: "engine-works" },
          ]);
        return HttpResponse.json({ access_token: "t", expires_in: 900, refresh_token: "", me: me() });
      }),
    );
    const { at } = await show(<SignInPage />, { path: "/sign-in" });
    await fill();
    await userEvent.click(await screen.findByRole("button", { name: "engine-works" }));
    await expect.poll(at).toBe("/");
    expect(asked.map((one) => one.tenant)).toEqual([undefined, "engine-works"]);
  });

  it("asks the server nothing while something is missing", async () => {
    await show(<SignInPage />);
    await userEvent.click(await screen.findByRole("button", { name: "Sign in" }));
    expect((await screen.findAllByRole("alert")).map((one) => one.textContent)).toEqual([
      "Enter your e-mail address.",
      "Enter your password.",
    ]);
  });
});
