// Creating a company and its first administrator.
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type Path, useForm } from "react-hook-form";
import type { SignUp } from "@/contract";
import { answer, api } from "@/shared/api/client";
import { ApiProblem, hasCode, sayField, sayProblem } from "@/shared/api/problem";
import { signedIn } from "@/shared/session/session";
import { Button } from "@/shared/ui/button";
import { Field, TallInput } from "@/shared/ui/field";
import { AuthCard, FormProblem } from "../auth-card";
import { checkEmail, checkPassword } from "../rules";

export function SignUpPage() {
  const navigate = useNavigate();
  const [problem, setProblem] = useState<unknown>(null);
  const { register, handleSubmit, formState, setError } = useForm<SignUp>({
    defaultValues: { company: "", name: "", email: "", password: "" },
    mode: "onTouched",
  });
  const { errors, isSubmitting } = formState;

  const create = async (form: SignUp): Promise<void> => {
    setProblem(null);
    try {
      signedIn(await answer(api.POST("/api/v1/identity/tenants", { body: { ...form, email: form.email.trim() } })));
      await navigate({ to: "/", replace: true });
    } catch (error) {
      if (hasCode(error, "email_taken"))
        return setError("email", { message: "Somebody already uses this address. Sign in instead?" });
      const named = error instanceof ApiProblem ? error.problem.errors.filter((one) => one.field in form) : [];
      for (const one of named) setError(one.field as Path<SignUp>, { message: sayField(one.message) });
      if (named.length === 0) setProblem(error);
    }
  };

  return (
    <AuthCard
      title="Create your company"
      about="One place for every conversation with your customers."
      footer={
        <>
          Already have an account?{" "}
          <Link to="/sign-in" className="font-medium text-accent-text hover:underline">
            Sign in
          </Link>
        </>
      }
    >
      <form noValidate className="flex flex-col gap-4" onSubmit={handleSubmit(create)}>
        {problem != null && <FormProblem>{sayProblem(problem)}</FormProblem>}
        <Field label="Company" error={errors.company?.message}>
          {(field) => (
            <TallInput
              autoFocus
              autoComplete="organization"
              {...field}
              {...register("company", { validate: (text) => text.trim() !== "" || "Enter the name of your company." })}
            />
          )}
        </Field>
        <Field label="Your name" hint="Customers see it when you answer them." error={errors.name?.message}>
          {(field) => (
            <TallInput
              autoComplete="name"
              {...field}
              {...register("name", { validate: (text) => text.trim() !== "" || "Enter your name." })}
            />
          )}
        </Field>
        <Field label="E-mail" error={errors.email?.message}>
          {(field) => (
            <TallInput
              type="email"
              autoComplete="username"
              {...field}
              {...register("email", { validate: checkEmail })}
            />
          )}
        </Field>
        <Field
          label="Password"
          hint="At least 10 characters. A few words in a row are easy to remember."
          error={errors.password?.message}
        >
          {(field) => (
            <TallInput
              type="password"
              autoComplete="new-password"
              {...field}
              {...register("password", { validate: checkPassword })}
            />
          )}
        </Field>
        <Button type="submit" look="primary" size="lg" busy={isSubmitting} className="mt-1">
          Create company
        </Button>
      </form>
    </AuthCard>
  );
}
