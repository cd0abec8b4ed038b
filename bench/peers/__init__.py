"""The peers that Tablo is compared with, each set up as its documentation says. Run as programs, never imported."""
