"""The owner keeps who sees patients and what for: a service can be withdrawn, a practitioner can leave."""

import sqlalchemy as sa
from alembic import op

revision = "staff"
down_revision = "tournament_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service", sa.Column("is_offered", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("practitioner", sa.Column("sees_patients", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index("uq_service_organization_id_name", "service", ["organization_id", "name"], unique=True)
    op.create_index(
        "uq_practitioner_organization_id_user_id", "practitioner", ["organization_id", "user_id"], unique=True
    )


def downgrade() -> None:
    op.drop_index("uq_practitioner_organization_id_user_id", "practitioner")
    op.drop_index("uq_service_organization_id_name", "service")
    op.drop_column("practitioner", "sees_patients")
    op.drop_column("service", "is_offered")
