# Files that somebody asked for.

exports-title = Vos fichiers
exports-window = Vos fichiers · Commandes · Kafila
exports-text = Réservés à la personne qui les a demandés. Ils partent après sept jours.
exports-hint = Le fichier se prépare en arrière-plan avec les colonnes d’un export ; qui l’a pris est noté.
exports-csv = CSV
exports-xlsx = Excel
exports-of-orders = Commandes
exports-of-customers = Clients
exports-name = { $what }, { $kind }
exports-rows = { $count ->
    [one] { $n } ligne
    *[other] { $n } lignes
}
exports-checksum = SHA-256
exports-fetch = Télécharger
exports-cancel = Arrêter
exports-none = Aucun fichier
exports-none-text = Filtrer la liste des commandes, puis exporter ce qu’elle montre.
