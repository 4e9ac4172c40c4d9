# The choice of what a table is sorted by, by one key or two.
sort-hint = Shift and click: second sort key
sort-is-first = (sorted by this first)
sort-is-second-up = (then by this, smallest first)
sort-is-second-down = (then by this, largest first)
sort-by = Sort by
sort-then = Then by
sort-then-none = Then by…
sort-then-by = then: { $sort }
