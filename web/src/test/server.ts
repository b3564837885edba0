// The stand-in server of the unit tests; each test says what it answers.
import { setupServer } from "msw/node";

export const server = setupServer();
