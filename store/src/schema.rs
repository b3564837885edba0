// @generated automatically by Diesel CLI.

diesel::table! {
    channels (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        name -> Text,
        key -> Text,
        sealed_secret -> Bytea,
        settings -> Jsonb,
        enabled -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    contacts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        verified -> Bool,
        attributes -> Jsonb,
        created_at -> Timestamptz,
        last_seen_at -> Nullable<Timestamptz>,
        version -> Int8,
    }
}

diesel::table! {
    conversation_numbers (tenant_id) {
        tenant_id -> Uuid,
        last_number -> Int8,
    }
}

diesel::table! {
    conversation_labels (tenant_id, conversation_id, label_id) {
        tenant_id -> Uuid,
        conversation_id -> Uuid,
        label_id -> Uuid,
    }
}

diesel::table! {
    conversations (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        number -> Int8,
        channel_id -> Uuid,
        contact_id -> Uuid,
        start_key -> Uuid,
        status -> Text,
        snoozed_until -> Nullable<Timestamptz>,
        resolved_at -> Nullable<Timestamptz>,
        priority -> Text,
        assignee_id -> Nullable<Uuid>,
        n_messages -> Int8,
        n_customer_messages -> Int8,
        n_replies -> Int8,
        n_replies_read -> Int8,
        last_message -> Nullable<Text>,
        last_reply_position -> Int8,
        last_reply_by -> Nullable<Uuid>,
        waiting_since -> Nullable<Timestamptz>,
        contact_received -> Int8,
        contact_read -> Int8,
        team_read -> Int8,
        version -> Int8,
        started_at -> Timestamptz,
        last_activity_at -> Timestamptz,
        active_minute -> Timestamptz,
    }
}

diesel::table! {
    dead_letters (tenant_id, follower, seq) {
        tenant_id -> Uuid,
        follower -> Text,
        seq -> Int8,
        kind -> Text,
        reason -> Text,
        attempts -> Int4,
        failed_at -> Timestamptz,
        is_wanted -> Bool,
    }
}

diesel::table! {
    events (tenant_id, seq) {
        tenant_id -> Uuid,
        seq -> Int8,
        kind -> Text,
        caller -> Text,
        subject -> Text,
        payload -> Nullable<Text>,
        payload_hash -> Bytea,
        prev_hash -> Bytea,
        hash -> Bytea,
        at -> Timestamptz,
        cause -> Nullable<Text>,
        contact_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    follower_births (name) {
        name -> Text,
        born_at -> Timestamptz,
    }
}

diesel::table! {
    followers (tenant_id, name) {
        tenant_id -> Uuid,
        name -> Text,
        seq -> Int8,
        state -> Text,
        replay_from -> Nullable<Int8>,
        replay_to -> Nullable<Int8>,
        attempts -> Int4,
        last_error -> Nullable<Text>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    idempotency_keys (tenant_id, caller, key) {
        tenant_id -> Uuid,
        caller -> Text,
        key -> Text,
        request_hash -> Bytea,
        answer -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    identities (tenant_id, kind, value) {
        tenant_id -> Uuid,
        kind -> Text,
        value -> Text,
        contact_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    job_failures (tenant_id, job_id, place) {
        tenant_id -> Uuid,
        job_id -> Uuid,
        place -> Int8,
        item -> Text,
        reason -> Text,
    }
}

diesel::table! {
    jobs (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        key -> Text,
        input -> Text,
        is_quiet -> Bool,
        started_by -> Nullable<Uuid>,
        starter_name -> Text,
        state -> Text,
        is_cancelling -> Bool,
        version -> Int8,
        checkpoint -> Nullable<Text>,
        attempts -> Int4,
        reason -> Nullable<Text>,
        done -> Int8,
        total -> Nullable<Int8>,
        remaining_seconds -> Nullable<Int8>,
        n_failures -> Int8,
        file_name -> Nullable<Text>,
        file_type -> Nullable<Text>,
        file_bytes -> Int8,
        file_until -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    labels (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        color -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    log_heads (tenant_id) {
        tenant_id -> Uuid,
        seq -> Int8,
        hash -> Bytea,
        epoch -> Int8,
    }
}

diesel::table! {
    memberships (tenant_id, user_id) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        role -> Text,
        name -> Text,
        email -> Text,
        joined_at -> Timestamptz,
    }
}

diesel::table! {
    messages (tenant_id, conversation_id, position) {
        tenant_id -> Uuid,
        conversation_id -> Uuid,
        position -> Int8,
        id -> Uuid,
        kind -> Text,
        author_kind -> Text,
        author_id -> Nullable<Uuid>,
        author_name -> Text,
        text -> Text,
        activity -> Nullable<Jsonb>,
        key -> Uuid,
        at -> Timestamptz,
        rich -> Nullable<Text>,
    }
}

diesel::table! {
    outbox (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        channel_id -> Uuid,
        conversation_id -> Uuid,
        position -> Int8,
        contact_id -> Uuid,
        text -> Text,
        state -> Text,
        attempts -> Int4,
        next_at -> Timestamptz,
        last_error -> Nullable<Text>,
        rich -> Nullable<Text>,
    }
}

diesel::table! {
    reads (tenant_id, user_id, conversation_id) {
        tenant_id -> Uuid,
        conversation_id -> Uuid,
        user_id -> Uuid,
        position -> Int8,
        n_customer_messages -> Int8,
        at -> Timestamptz,
    }
}

diesel::table! {
    refresh_tokens (tenant_id, hash) {
        tenant_id -> Uuid,
        hash -> Bytea,
        session_id -> Uuid,
        created_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    roles (tenant_id, name) {
        tenant_id -> Uuid,
        name -> Text,
        permissions -> Array<Nullable<Text>>,
        known -> Array<Nullable<Text>>,
    }
}

diesel::table! {
    sessions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
        revoked_because -> Nullable<Text>,
    }
}

diesel::table! {
    tenants (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    timers (tenant_id, kind, subject) {
        tenant_id -> Uuid,
        kind -> Text,
        subject -> Uuid,
        due_at -> Timestamptz,
        attempts -> Int4,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    users (id) {
        id -> Uuid,
        email -> Text,
        name -> Text,
        password_hash -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    webhook_attempts (tenant_id, delivery_id, n) {
        tenant_id -> Uuid,
        delivery_id -> Uuid,
        n -> Int4,
        at -> Timestamptz,
        took_ms -> Int4,
        status -> Nullable<Int4>,
        error -> Nullable<Text>,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    webhook_deliveries (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        webhook_id -> Uuid,
        seq -> Nullable<Int8>,
        kind -> Text,
        payload -> Nullable<Text>,
        state -> Text,
        attempts -> Int4,
        next_at -> Timestamptz,
        last_status -> Nullable<Int4>,
        last_error -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    webhooks (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        url -> Text,
        patterns -> Array<Nullable<Text>>,
        at_once -> Int4,
        state -> Text,
        reason -> Nullable<Text>,
        sealed_secret -> Bytea,
        sealed_old_secret -> Nullable<Bytea>,
        old_secret_until -> Nullable<Timestamptz>,
        failures -> Int4,
        failing_since -> Nullable<Timestamptz>,
        last_attempt_at -> Nullable<Timestamptz>,
        last_success_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::joinable!(channels -> tenants (tenant_id));
diesel::joinable!(contacts -> tenants (tenant_id));
diesel::joinable!(conversation_labels -> tenants (tenant_id));
diesel::joinable!(conversation_numbers -> tenants (tenant_id));
diesel::joinable!(conversations -> tenants (tenant_id));
diesel::joinable!(events -> tenants (tenant_id));
diesel::joinable!(followers -> tenants (tenant_id));
diesel::joinable!(idempotency_keys -> tenants (tenant_id));
diesel::joinable!(identities -> tenants (tenant_id));
diesel::joinable!(jobs -> tenants (tenant_id));
diesel::joinable!(labels -> tenants (tenant_id));
diesel::joinable!(log_heads -> tenants (tenant_id));
diesel::joinable!(memberships -> tenants (tenant_id));
diesel::joinable!(memberships -> users (user_id));
diesel::joinable!(messages -> tenants (tenant_id));
diesel::joinable!(outbox -> tenants (tenant_id));
diesel::joinable!(reads -> tenants (tenant_id));
diesel::joinable!(refresh_tokens -> tenants (tenant_id));
diesel::joinable!(roles -> tenants (tenant_id));
diesel::joinable!(sessions -> tenants (tenant_id));
diesel::joinable!(timers -> tenants (tenant_id));
diesel::joinable!(webhooks -> tenants (tenant_id));

diesel::allow_tables_to_appear_in_same_query!(
    channels,
    contacts,
    conversation_labels,
    conversation_numbers,
    conversations,
    dead_letters,
    events,
    follower_births,
    followers,
    idempotency_keys,
    identities,
    job_failures,
    jobs,
    labels,
    log_heads,
    memberships,
    messages,
    outbox,
    reads,
    refresh_tokens,
    roles,
    sessions,
    tenants,
    timers,
    users,
    webhook_attempts,
    webhook_deliveries,
    webhooks,
);
