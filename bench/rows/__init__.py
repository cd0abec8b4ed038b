"""The rows of the bench in the order of measurement, one file each. Memory comes first, while every server is fresh."""

from bench.rows import busy, connecting, cost, day, fan_out, growth, memory, search, tap

ROWS = (memory.ROW, fan_out.ROW, busy.ROW, connecting.ROW, tap.ROW, cost.ROW, growth.ROW, day.ROW, search.ROW)
