"""What Tablo is measured against, each as its own documentation has it. Run as programs, never imported."""
