//! Proves the wall between tenants: a walk over the catalogue, and a proof with rows.
