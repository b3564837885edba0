// Signing in: address and password, then, for people of several companies, which one.
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useForm } from "react-hook-form";
import type { Credentials } from "@/contract";
import type { ApiProblem } from "@/shared/api/problem";
import { hasCode, sayProblem } from "@/shared/api/problem";
import { useSession } from "@/shared/session/session";
import { Button } from "@/shared/ui/button";
import { Field, TallInput } from "@/shared/ui/field";
import { AuthCard, FormProblem } from "../auth-card";
import { signIn } from "./api";
import { safeReturn, tenantsToChoose } from "./tenants";
import { cx } from "@/shared/ui/cx";

export function SignInPage() {
  const navigate = useNavigate();
  const search: { return?: string } = useSearch({ strict: false });
  const [problem, setProblem] = useState<unknown>(null);
  const [choice, setChoice] = useState<{ credentials: Credentials; slugs: string[] } | null>(null);
  const session = useSession();
  const expired = session.state === "signed_out" && session.expired;

  const enter = async (credentials: Credentials): Promise<void> => {
    setProblem(null);
    try {
      await signIn(credentials);
      await navigate({ href: safeReturn(search.return), replace: true });
    } catch (error) {
      if (hasCode(error, "choose_tenant"))
        setChoice({ credentials, slugs: tenantsToChoose((error as ApiProblem).problem) });
      else setProblem(error);
    }
  };

  if (choice)
    return (
      <ChooseTenant
        slugs={choice.slugs}
        problem={problem}
        choose={(tenant) => enter({ ...choice.credentials, tenant })}
        back={() => setChoice(null)}
      />
    );
  return (
    <AuthCard
      title="Sign in"
      about={expired ? "Your session ended. Sign in again and you are back where you were." : undefined}
      footer={
        <>
          New here?{" "}
          <Link to="/sign-up" className="font-medium text-accent-text hover:underline">
            Create a company
          </Link>
        </>
      }
    >
      <CredentialsForm problem={problem} enter={enter} />
    </AuthCard>
  );
}

function CredentialsForm({ problem, enter }: { problem: unknown; enter: (credentials: Credentials) => Promise<void> }) {
  const { register, handleSubmit, formState } = useForm<Credentials>({ defaultValues: { email: "", password: "" } });
  const { errors, isSubmitting } = formState;
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={handleSubmit(({ email, password }) => enter({ email: email.trim(), password }))}
    >
      {problem != null && (
        <FormProblem>
          {hasCode(problem, "wrong_credentials")
            ? "This e-mail address and password do not belong together."
            : sayProblem(problem)}
        </FormProblem>
      )}
      <Field label="E-mail" error={errors.email?.message}>
        {(field) => (
          <TallInput
            type="email"
            autoComplete="username"
            autoFocus
            {...field}
            {...register("email", { required: "Enter your e-mail address." })}
          />
        )}
      </Field>
      <Field label="Password" error={errors.password?.message}>
        {(field) => (
          <TallInput
            type="password"
            autoComplete="current-password"
            {...field}
            {...register("password", { required: "Enter your password." })}
          />
        )}
      </Field>
      <Button type="submit" look="primary" size="lg" busy={isSubmitting} className="mt-1">
        Sign in
      </Button>
    </form>
  );
}

function ChooseTenant({
  slugs,
  problem,
  choose,
  back,
}: {
  slugs: string[];
  problem: unknown;
  choose: (slug: string) => Promise<void>;
  back: () => void;
}) {
  return (
    <AuthCard
      title="Which company?"
      about="You belong to several. You can sign in to another one later."
      footer={
        <button type="button" onClick={back} className="font-medium text-accent-text hover:underline">
          Use another account
        </button>
      }
    >
      {problem != null && (
        <div className="mb-4">
          <FormProblem>{sayProblem(problem)}</FormProblem>
        </div>
      )}
      <ul className="flex flex-col gap-2">
        {slugs.map((slug) => (
          <li key={slug}>
            <button
              type="button"
              onClick={() => void choose(slug)}
              className={cx(
                "flex h-12 w-full items-center justify-between rounded-lg border",
                "border-line-strong/80 bg-raised px-4 text-base font-medium hover:bg-hover",
              )}
            >
              {slug}
              <ChevronRight aria-hidden className="size-4 text-text-3" />
            </button>
          </li>
        ))}
      </ul>
    </AuthCard>
  );
}
