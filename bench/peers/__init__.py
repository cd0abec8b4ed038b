"""What Tablo is measured against, each written the way its own documentation has it. Run as programs, never imported."""
