"""The import that created a card, and cards removed by its undo."""

import sqlalchemy as sa
from alembic import op

revision = "imports_undone"
down_revision = "standings"
branch_labels = None
depends_on = None

OF_IMPORT = (
    sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("withdrawn", sa.Integer(), nullable=True),
)

# So far only the history recorded which card came with which import: they have the same time.
CAME_WITH = """
UPDATE patient SET import_id = (
    SELECT max(patient_import.id) FROM audit_event JOIN patient_import
    ON patient_import.organization_id = audit_event.organization_id AND patient_import.loaded_at = audit_event.at
    WHERE audit_event.patient_id = patient.id AND audit_event.deed = 'card-imported'
) WHERE id IN (SELECT patient_id FROM audit_event WHERE deed = 'card-imported')
"""


def upgrade() -> None:
    brought = sa.ForeignKey("patient_import.id", name="fk_patient_import_id_patient_import")
    op.add_column("patient", sa.Column("import_id", sa.Integer(), brought, nullable=True), inline_references=True)
    op.add_column("patient", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(CAME_WITH)
    op.create_index("ix_patient_import_id", "patient", ["import_id"])
    op.drop_index("ix_patient_organization_id_merged_into_id", "patient")
    op.create_index("ix_patient_standing", "patient", ["organization_id", "merged_into_id", "withdrawn_at"])
    person = sa.ForeignKey("user_account.id", name="fk_patient_import_undone_by_id_user_account")
    undone_by = sa.Column("undone_by_id", sa.Integer(), person, nullable=True)
    op.add_column("patient_import", undone_by, inline_references=True)
    for column in OF_IMPORT:
        op.add_column("patient_import", column)


def downgrade() -> None:
    for column in ("undone_by_id", *(column.name for column in OF_IMPORT)):
        op.drop_column("patient_import", column)
    op.drop_index("ix_patient_standing", "patient")
    op.create_index("ix_patient_organization_id_merged_into_id", "patient", ["organization_id", "merged_into_id"])
    op.drop_index("ix_patient_import_id", "patient")
    op.drop_column("patient", "withdrawn_at")
    op.drop_column("patient", "import_id")
