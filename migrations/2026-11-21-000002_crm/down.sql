DROP TABLE identities, contacts;
