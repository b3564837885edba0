-- Words to make people and messages of, and a function that makes ids which sort by time, as the server's do.
-- Triggers rest: foreign keys hold by construction, and checking five million of them would take longer than the rest.
SET session_replication_role = replica;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';

CREATE TEMP TABLE words AS SELECT
  string_to_array('Ada Ben Clara David Elena Felix Grace Hugo Ines Jonas Kira Liam Maya Noah Olive Paul Quinn Rosa Samuel Tara Umar Vera Walter Xenia Yusuf Zoe Amir Bianca Cem Dora Emil Fatima Georg Hana Igor Julia Karim Lena Mateo Nadia Oscar Priya Rafael Sofia Tom Ulla Victor Wanda Yara Zeno', ' ') AS first_names,
  string_to_array('Adler Bauer Costa Dietrich Eriksson Fischer Garcia Hansen Ivanov Jensen Kaya Lopez Meyer Novak Okafor Petrov Quist Rossi Schmidt Tanaka Ueda Vogel Weber Xu Yilmaz Zhang Andersson Brandt Chen Dubois Engel Ferrari Gruber Haddad Ito Jovanovic Keller Larsen Moreau Nguyen Olsen Popescu Quispe Richter Santos Thompson Ulrich Vasquez Wagner Young', ' ') AS last_names,
  string_to_array('alpen berg cloud delta ember fjord garden harbor island jade kraft lumen marble north orbit pearl quartz river stone timber', ' ') AS companies,
  string_to_array('order delivery invoice account password refund address payment size color shipping tracking return exchange subscription trial upgrade license receipt discount coupon warranty repair manual battery charger screen app login email phone number date time week today tomorrow yesterday morning package carrier warehouse stock colour model version update error message problem question help thanks please hello sorry wait check see find change cancel confirm send receive open close work break arrive miss need want try use buy pay', ' ') AS talk;

CREATE TEMP TABLE sentences AS
  SELECT n, (SELECT initcap(string_agg(talk[1 + (abs(hashint8(n * 100 + w)) % array_length(talk, 1))], ' ')) || '.'
             FROM words, generate_series(1, 8 + n % 14) w) AS text
  FROM generate_series(0, 4999) n;
CREATE UNIQUE INDEX ON sentences (n);
ANALYZE sentences;

CREATE FUNCTION pg_temp.id(at timestamptz) RETURNS uuid LANGUAGE sql VOLATILE RETURN
  (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
   || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid;

-- The tenant of `seed.owner`, made through the server, lends its roles, its owner's password and its channel's secret.
CREATE TEMP TABLE model AS
  SELECT t.id AS tenant_id, u.password_hash, c.sealed_secret, c.settings
  FROM tenants t JOIN memberships m ON m.tenant_id = t.id JOIN users u ON u.id = m.user_id JOIN channels c ON c.tenant_id = t.id
  WHERE u.email = current_setting('seed.owner') LIMIT 1;

-- Kept up to date row by row, this one index would take as long as everything else; `finish.sql` makes it at once.
CREATE TEMP TABLE later AS SELECT indexdef FROM pg_indexes WHERE indexname = 'contacts_by_words';
DROP INDEX contacts_by_words;
