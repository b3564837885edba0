-- One tenant: ten agents, five channels, and conversations of a year. `seed.*` say which and how many.
CREATE TEMP TABLE this ON COMMIT DROP AS
  SELECT current_setting('seed.tenant')::int AS n, current_setting('seed.conversations')::int AS conversations,
         current_setting('seed.messages')::int AS messages, pg_temp.id(now() - interval '366 days') AS id,
         now() AS now;

INSERT INTO tenants (id, slug, name, created_at)
  SELECT id, 'bench-' || n, 'Bench ' || n, now - interval '366 days' FROM this;
INSERT INTO log_heads (tenant_id) SELECT id FROM this;
INSERT INTO conversation_numbers (tenant_id, last_number) SELECT id, conversations FROM this;
INSERT INTO roles (tenant_id, name, permissions)
  SELECT this.id, r.name, r.permissions FROM this, roles r JOIN model ON model.tenant_id = r.tenant_id;

CREATE TEMP TABLE agents ON COMMIT DROP AS
  SELECT a AS n, pg_temp.id(this.now - interval '365 days') AS id, 'agent-' || this.n || '-' || a || '@bench.example' AS email,
         first_names[1 + a] || ' ' || last_names[1 + (this.n + a) % 50] AS name
  FROM this, words, generate_series(0, 9) a;
INSERT INTO users (id, email, name, password_hash, created_at)
  SELECT a.id, a.email, a.name, model.password_hash, this.now FROM agents a, model, this;
INSERT INTO memberships (tenant_id, user_id, role, name, email, joined_at)
  SELECT this.id, a.id, CASE a.n WHEN 0 THEN 'owner' ELSE 'agent' END, a.name, a.email, this.now FROM agents a, this;

CREATE TEMP TABLE ways ON COMMIT DROP AS
  SELECT c AS n, pg_temp.id(this.now - interval '365 days') AS id FROM this, generate_series(0, 4) c;
INSERT INTO channels (tenant_id, id, kind, name, key, sealed_secret, settings, created_at)
  SELECT this.id, w.id, 'web_chat', 'Website ' || w.n, 'wc_' || replace(this.id::text, '-', '') || lpad(to_hex(w.n), 16, '0'),
         model.sealed_secret, model.settings, this.now
  FROM ways w, model, this;

-- Four people have five conversations among them.
CREATE TEMP TABLE people ON COMMIT DROP AS
  SELECT p AS n, pg_temp.id(p.seen_first) AS id, seen_first, first_name || ' ' || last_name AS name,
         CASE WHEN p % 10 < 7 THEN lower(first_name || '.' || last_name) || p || '@' || companies[1 + (p * 7 + this.n) % 20] || '.example' END AS email
  FROM this, words,
       LATERAL (SELECT p, this.now - interval '365 days' * (1 - p::float8 / (this.conversations * 4 / 5)) AS seen_first,
                       first_names[1 + abs(hashint4(p * 31 + this.n)) % 50] AS first_name,
                       last_names[1 + abs(hashint4(p * 17 + this.n)) % 50] AS last_name
                FROM generate_series(0, this.conversations * 4 / 5 - 1) p) p;
INSERT INTO contacts (tenant_id, id, name, email, verified, created_at, last_seen_at)
  SELECT this.id, p.id, p.name, p.email, p.n % 3 = 0 AND p.email IS NOT NULL, p.seen_first, p.seen_first FROM people p, this;
INSERT INTO identities (tenant_id, kind, value, contact_id, created_at)
  SELECT this.id, 'visitor', md5(this.n || '-' || p.n), p.id, p.seen_first FROM people p, this;

-- Three in ten are not resolved yet; of those nine in ten are open, and a third is nobody's.
CREATE TEMP TABLE threads ON COMMIT DROP AS
  SELECT c.n, pg_temp.id(started) AS id, w.id AS channel_id, p.id AS contact_id, p.name AS contact_name, a.id AS agent_id,
         a.name AS agent_name, started,
         least(started + interval '5 minutes' * this.messages, this.now - interval '1 second') AS ended,
         CASE WHEN dice % 10 < 7 THEN 'resolved' WHEN dice % 100 < 97 THEN 'open' WHEN dice % 100 < 99 THEN 'pending' ELSE 'snoozed' END AS status,
         (ARRAY['none', 'none', 'none', 'none', 'none', 'none', 'none', 'low', 'normal', 'normal',
                'normal', 'none', 'none', 'none', 'none', 'none', 'none', 'high', 'high', 'urgent'])[1 + abs(hashint4(c.n * 3)) % 20] AS priority,
         CASE WHEN abs(hashint4(c.n * 5)) % 3 = 0 AND dice % 10 >= 7 OR abs(hashint4(c.n * 5)) % 10 = 0 THEN NULL ELSE a.id END AS assignee_id
  FROM this CROSS JOIN
       LATERAL (SELECT n, this.now - interval '365 days' * (1 - n::float8 / this.conversations) AS started,
                       abs(hashint4(n * 7 + this.n)) AS dice, n % 5 AS way, abs(hashint4(n * 11)) % 10 AS agent,
                       n * 4 / 5 AS person
                FROM generate_series(1, this.conversations) n) c
       JOIN ways w ON w.n = way JOIN agents a ON a.n = agent
       JOIN people p ON p.n = least(person, this.conversations * 4 / 5 - 1);

CREATE TEMP TABLE lines ON COMMIT DROP AS
  SELECT t.id AS conversation_id, position, t.started + (t.ended - t.started) * position / this.messages AS at,
         position % 2 = 1 AS is_customers, s.text
  FROM this, threads t, generate_series(1, this.messages) position, sentences s
  WHERE s.n = (t.n * 13 + position * 7 + this.n * 31) % 5000;
INSERT INTO messages (tenant_id, conversation_id, position, id, kind, author_kind, author_id, author_name, text, key, at)
  SELECT this.id, t.id, l.position, pg_temp.id(l.at), CASE WHEN is_customers THEN 'customer' ELSE 'reply' END,
         CASE WHEN is_customers THEN 'contact' ELSE 'user' END, CASE WHEN is_customers THEN t.contact_id ELSE t.agent_id END,
         CASE WHEN is_customers THEN t.contact_name ELSE t.agent_name END, l.text, gen_random_uuid(), l.at
  FROM this CROSS JOIN lines l JOIN threads t ON t.id = l.conversation_id ORDER BY t.n, l.position;

INSERT INTO conversations (tenant_id, id, number, channel_id, contact_id, start_key, status, snoozed_until, resolved_at, priority,
    assignee_id, n_messages, n_customer_messages, n_replies, n_replies_read, last_message, last_reply_position, last_reply_by,
    waiting_since, contact_received, contact_read, team_read, version, started_at, last_activity_at)
  SELECT this.id, t.id, t.n, channel_id, contact_id, gen_random_uuid(), status,
    CASE status WHEN 'snoozed' THEN this.now + interval '30 days' END, CASE status WHEN 'resolved' THEN ended END, priority,
    assignee_id, this.messages, (this.messages + 1) / 2, this.messages / 2, this.messages / 2,
    jsonb_build_object('position', this.messages, 'kind', CASE WHEN is_customers THEN 'customer' ELSE 'reply' END, 'author',
      jsonb_build_object('kind', CASE WHEN is_customers THEN 'contact' ELSE 'user' END,
        'id', CASE WHEN is_customers THEN contact_id ELSE agent_id END, 'name', CASE WHEN is_customers THEN contact_name ELSE agent_name END),
      'preview', left(text, 140), 'at', to_jsonb(l.at))::text,
    this.messages / 2 * 2, agent_id, CASE WHEN is_customers AND status = 'open' THEN l.at END,
    this.messages, this.messages, this.messages, this.messages, started, ended
  FROM this CROSS JOIN threads t JOIN lines l ON l.conversation_id = t.id AND l.position = this.messages
  ORDER BY t.n;

-- Who answered has read it; the first agent has read everything, the second nothing of his own accord.
INSERT INTO reads (tenant_id, conversation_id, user_id, position, n_customer_messages, at)
  SELECT this.id, t.id, a.id, this.messages, (this.messages + 1) / 2, t.ended
  FROM this CROSS JOIN threads t JOIN agents a ON a.id = t.agent_id OR a.n = 0 OR (t.n + a.n) % 5 = 0 AND a.n > 1
  ORDER BY t.n;

-- Six labels; four conversations in ten have one, and one in ten has two.
CREATE TEMP TABLE marks ON COMMIT DROP AS
  SELECT l AS n, pg_temp.id(this.now - interval '365 days') AS id FROM this, generate_series(0, 5) l;
INSERT INTO labels (tenant_id, id, name, color, created_at)
  SELECT this.id, m.id, 'Label ' || m.n, (ARRAY['gray', 'red', 'amber', 'green', 'blue', 'violet'])[1 + m.n], this.now FROM marks m, this;
INSERT INTO conversation_labels (tenant_id, conversation_id, label_id)
  SELECT this.id, t.id, m.id FROM this, threads t JOIN marks m ON m.n = abs(hashint4(t.n * 19)) % 15 OR m.n = abs(hashint4(t.n * 23)) % 60;
