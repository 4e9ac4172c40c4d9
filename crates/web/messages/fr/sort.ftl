# Le choix du tri d’un tableau, par une clé ou deux.
sort-hint = Maj et clic : deuxième clé de tri
sort-is-first = (trié d’abord par ceci)
sort-is-second-up = (puis par ceci, le plus petit d’abord)
sort-is-second-down = (puis par ceci, le plus grand d’abord)
sort-by = Trier par
sort-then = Puis par
sort-then-none = Puis par…
sort-then-by = puis : { $sort }
