"""`make bench`: Tablo beside others on the same machine in the same minutes. Nothing here is part of the product."""
