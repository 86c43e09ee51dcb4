"""The only place that speaks SQL: tables, the ledger, the outbox and the migrations."""
