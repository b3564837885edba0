// What the identity forms accept before the server is asked.

export function checkEmail(text: string): true | string {
  const email = text.trim();
  if (email === "") return "Enter an e-mail address.";
  return /^[^\s@]+@[^\s@]+\.?[^\s@]+$/.test(email) || "This does not look like an e-mail address.";
}

export function checkPassword(password: string): true | string {
  if (password === "") return "Choose a password.";
  const missing = 10 - Array.from(password).length;
  if (missing <= 0) return true;
  return `${missing} more ${missing === 1 ? "character" : "characters"}, please: at least 10.`;
}
