# People around an order: who looks at it, notes on top, whom notes name.

people-between = ,
people-viewing = { $count ->
    [one] { $n } consulte la commande
    [many] { $n } consultent la commande
    *[other] { $n } consultent la commande
}
people-editing = { $count ->
    [one] { $n } modifie la commande
    [many] { $n } modifient la commande
    *[other] { $n } modifient la commande
}
people-editing-too = { $count ->
    [one] { $n } modifie aussi cette commande. Rien ne se perd : qui enregistre en second voit les deux versions.
    [many] { $n } modifient aussi cette commande. Rien ne se perd : qui enregistre en second voit les deux versions.
    *[other] { $n } modifient aussi cette commande. Rien ne se perd : qui enregistre en second voit les deux versions.
}
people-new-note = Une nouvelle note vous mentionne
people-named-you = { $who } vous mentionne dans une note
people-note-seen = Vu
people-seen-done = Noté comme vu
people-alert = { $who } vous mentionne dans une note sur la commande { $number }
people-pins = Notes épinglées
people-pin = Épingler
people-unpin = Désépingler
people-pinned = Note épinglée en haut de la commande
people-unpinned = Note désépinglée
people-pin-by = { $who }, { $at }
people-customer-reads = Le client peut la lire
people-to-name = Collègues à mentionner
people-name-hint = @ mentionne un collègue
people-cancel = Annuler la commande
people-look = Voir
people-map = Afficher l’adresse sur une carte
people-spent = Dépensé (livré)
people-open-too = { $count ->
    [one] Une autre commande de ce client est ouverte. Un doublon ?
    [many] { $n } d’autres commandes de ce client sont ouvertes. Un doublon ?
    *[other] { $n } autres commandes de ce client sont ouvertes. Un doublon ?
}
history-note-pinned = { $who } a épinglé une note
history-note-unpinned = { $who } a désépinglé une note
