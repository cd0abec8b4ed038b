"""`make bench`: Tablo and its peers on the same machine in the same minutes. Not part of the product."""
