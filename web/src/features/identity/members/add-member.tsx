import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Path, useForm } from "react-hook-form";
import type { Member, NewMember, Page, Role } from "@/contract";
import { answer, api } from "@/shared/api/client";
import { ApiProblem, sayField, sayProblem } from "@/shared/api/problem";
import { membersQuery, putMember } from "@/shared/people/members";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Field, Input, Select } from "@/shared/ui/field";
import { toast } from "@/shared/ui/toast";
import { FormProblem } from "../auth-card";
import { checkEmail, checkPassword } from "../rules";

interface AddMemberProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function AddMember({ open, onOpenChange }: AddMemberProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Add a member"
      description="They sign in with this address and password, and can change nothing you do not allow."
    >
      <AddMemberForm done={() => onOpenChange(false)} />
    </Dialog>
  );
}

function AddMemberForm({ done }: { done: () => void }) {
  const cache = useQueryClient();
  const roles = useQuery({
    queryKey: ["roles"],
    queryFn: ({ signal }): Promise<{ items: Role[] }> => answer(api.GET("/api/v1/identity/roles", { signal })),
  });
  const { register, handleSubmit, formState, setError } = useForm<NewMember>({
    defaultValues: { name: "", email: "", password: "", role: "agent" },
    mode: "onTouched",
  });
  const { errors } = formState;
  const add = useMutation({
    mutationFn: (member: NewMember): Promise<Member> => answer(api.POST("/api/v1/identity/members", { body: member })),
    onSuccess: (member) => {
      cache.setQueryData(membersQuery.queryKey, (page: Page<Member> | undefined) => page && putMember(page, member));
      toast(`${member.name} is now a member`);
      done();
    },
    onError: (error, form) => {
      if (!(error instanceof ApiProblem)) return;
      if (error.code === "email_taken")
        return setError("email", { message: "This address already belongs to a member." });
      for (const one of error.problem.errors)
        if (one.field in form) setError(one.field as Path<NewMember>, { message: sayField(one.message) });
    },
  });
  const isNamed = Object.keys(errors).length > 0;
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={handleSubmit((form) => add.mutate({ ...form, email: form.email.trim() }))}
    >
      {add.isError && !isNamed && <FormProblem>{sayProblem(add.error)}</FormProblem>}
      <Field label="Name" hint="Customers see it." error={errors.name?.message}>
        {(field) => (
          <Input
            autoFocus
            autoComplete="off"
            {...field}
            {...register("name", { validate: (text) => text.trim() !== "" || "Enter a name." })}
          />
        )}
      </Field>
      <Field label="E-mail" error={errors.email?.message}>
        {(field) => (
          <Input type="email" autoComplete="off" {...field} {...register("email", { validate: checkEmail })} />
        )}
      </Field>
      <Field
        label="First password"
        hint="At least 10 characters. Tell it to them yourself."
        error={errors.password?.message}
      >
        {(field) => (
          <Input
            type="password"
            autoComplete="new-password"
            {...field}
            {...register("password", { validate: checkPassword })}
          />
        )}
      </Field>
      <Field label="Role" error={errors.role?.message}>
        {(field) => (
          <Select className="capitalize" {...field} {...register("role")}>
            {(roles.data?.items ?? [{ name: "agent" }]).map((role) => (
              <option key={role.name} value={role.name}>
                {role.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="mt-1 flex justify-end gap-2">
        <Button onClick={done}>Cancel</Button>
        <Button type="submit" look="primary" busy={add.isPending}>
          Add member
        </Button>
      </div>
    </form>
  );
}
