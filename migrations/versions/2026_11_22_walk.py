"""Index-only walk through the patients in their order on PostgreSQL."""

from alembic import op

revision = "walk"
down_revision = "player_deeds"
branch_labels = None
depends_on = None

# PostgreSQL limits the size of an index entry; only long names in other scripts have longer keys.
SHORTENED = "UPDATE patient SET sort_key = left(sort_key, 1080) WHERE length(sort_key) > 1080"
LISTED = """
CREATE INDEX ix_patient_listed_trigram ON patient (organization_id, sort_key, id)
INCLUDE (search_text, merged_into_id, withdrawn_at)
"""


def upgrade() -> None:
    """SQLite has had its own index since the migration "search"."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(SHORTENED)
        op.execute(LISTED)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_patient_listed_trigram")
