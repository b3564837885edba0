// A Socket.IO server as its production notes describe it: one room, connection state recovery, and chat rows on request.
import { createServer } from "node:http";
import pg from "pg";
import { Server } from "socket.io";

const port = Number(process.argv[2]);
const pool = process.env.DATABASE_URL ? new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 }) : null;
if (pool) {
  await pool.query(`CREATE TABLE IF NOT EXISTS messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, room text NOT NULL, text text NOT NULL,
    at timestamptz NOT NULL DEFAULT now())`);
}

const http = createServer((_request, response) => response.end());
const io = new Server(http, {
  transports: ["websocket"],
  allowUpgrades: false,
  cors: { origin: "*" },
  connectionStateRecovery: { maxDisconnectionDuration: 2 * 60 * 1000 },
});

io.on("connection", (socket) => {
  // The HTTP request is not needed any more; its own documentation says to let it go.
  socket.conn.request = null;
  socket.on("join", (...rest) => {
    socket.join("room");
    rest.at(-1)?.();
  });
  socket.on("publish", (payload, acknowledge) => {
    io.to("room").emit("m", payload);
    acknowledge?.();
  });
  socket.on("send", async (payload, acknowledge) => {
    try {
      const id = pool ? await keep(payload) : null;
      io.to("room").emit("m", payload);
      acknowledge?.(id);
    } catch (error) {
      acknowledge?.({ error: error.message });
    }
  });
});

async function keep(payload) {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  const kept = await pool.query({
    name: "keep",
    text: "INSERT INTO messages (room, text) VALUES ('room', $1) RETURNING id",
    values: [text],
  });
  return kept.rows[0].id;
}

http.listen(port, "127.0.0.1");
