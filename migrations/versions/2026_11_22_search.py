"""Indexes for the search of patients while typing."""

from alembic import op

revision = "search"
down_revision = "rooms"
branch_labels = None
depends_on = None

# SQLite's full-text search indexes trigrams. The text starts with three characters that only the cards of one
# organization have; two spaces at the end let every letter begin a trigram.
SEARCHED = """char(57344 + {row}.organization_id / 1000000, 57344 + {row}.organization_id / 1000 % 1000,
    57344 + {row}.organization_id % 1000) || ' ' || {row}.search_text || '  '"""
FORGET = "INSERT INTO patient_trigram (patient_trigram, rowid, search_text) VALUES ('delete', OLD.id, {old});"
LEARN = "INSERT INTO patient_trigram (rowid, search_text) VALUES (NEW.id, {new});"
TRIGGERS = {
    "insert": ("INSERT", LEARN),
    "update": ("UPDATE OF search_text, organization_id", FORGET + LEARN),
    "delete": ("DELETE", FORGET),
}

# PostgreSQL has trigrams, but one or two letters are none. The function is declared expensive, or the planner would
# call it for every card instead of using the index.
SHORT_FRAGMENTS = """
CREATE FUNCTION short_fragments(searched text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT COST 10000 AS $$
DECLARE
    letters text[] := string_to_array(searched, NULL);
    fragments text[] := letters;
BEGIN
    FOR place IN 2 .. cardinality(letters) LOOP
        fragments := fragments || (letters[place - 1] || letters[place]);
    END LOOP;
    RETURN fragments;
END $$
"""


def _upgrade_sqlite() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE patient_trigram "
        "USING fts5(search_text, content='', columnsize=0, tokenize='trigram case_sensitive 1')"
    )
    op.execute("CREATE VIRTUAL TABLE patient_trigram_term USING fts5vocab(patient_trigram, row)")
    learned = SEARCHED.format(row="patient")
    op.execute(f"INSERT INTO patient_trigram (rowid, search_text) SELECT id, {learned} FROM patient")
    for moment, (event, done) in TRIGGERS.items():
        body = done.format(old=SEARCHED.format(row="OLD"), new=SEARCHED.format(row="NEW"))
        op.execute(f"CREATE TRIGGER patient_trigram_{moment} AFTER {event} ON patient BEGIN {body} END")
    op.execute("CREATE INDEX ix_patient_listed_trigram ON patient (organization_id, sort_key, id, search_text)")


def _upgrade_postgresql() -> None:
    op.execute(SHORT_FRAGMENTS)
    op.execute(
        "CREATE INDEX ix_patient_short_trigram ON patient USING gin (short_fragments(search_text)) "
        "WITH (fastupdate = off)"
    )
    # GIN's pending list would be scanned card by card.
    op.execute("ALTER INDEX ix_patient_search_text_trigram SET (fastupdate = off)")


def upgrade() -> None:
    _upgrade_sqlite() if op.get_bind().dialect.name == "sqlite" else _upgrade_postgresql()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP INDEX ix_patient_listed_trigram")
        for moment in TRIGGERS:
            op.execute(f"DROP TRIGGER patient_trigram_{moment}")
        op.execute("DROP TABLE patient_trigram_term")
        op.execute("DROP TABLE patient_trigram")
    else:
        op.execute("ALTER INDEX ix_patient_search_text_trigram RESET (fastupdate)")
        op.execute("DROP INDEX ix_patient_short_trigram")
        op.execute("DROP FUNCTION short_fragments")
