/** @jsxImportSource preact */
// Asks once, after the first message, where an answer may go when the customer has left. May be declined.
import { useState } from "preact/hooks";
import type { ContactBrief } from "../server";

interface Props {
  contact: ContactBrief | null;
  give: (email: string) => Promise<string | null>;
  onDone: () => void;
}

export function EmailAsk({ contact, give, onDone }: Props) {
  const [wrong, setWrong] = useState<string | null>(null);
  const [is_saving, setSaving] = useState(false);
  if (contact?.email)
    return (
      <p class="ask done" role="status">
        Thank you. If you have to leave, we will write to {contact.email}.
      </p>
    );
  const submit = async (form: HTMLFormElement) => {
    setSaving(true);
    setWrong(await give(String(new FormData(form).get("email") ?? "").trim()));
    setSaving(false);
  };
  return (
    <form class="ask" noValidate onSubmit={(event) => (event.preventDefault(), void submit(event.currentTarget))}>
      <label for="email">If you have to leave, where can we reach you?</label>
      <div class="row">
        <input
          id="email"
          name="email"
          type="email"
          autocomplete="email"
          placeholder="you@example.com"
          aria-invalid={wrong !== null}
          aria-describedby="wrong"
        />
        <button type="submit" class="small" disabled={is_saving}>
          Save
        </button>
      </div>
      <p id="wrong" class="wrong" role="alert">
        {wrong}
      </p>
      <button type="button" class="link" onClick={onDone}>
        No, thank you
      </button>
    </form>
  );
}
