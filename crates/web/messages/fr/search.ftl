# La recherche partout.

search-window = Recherche · Kafila
search-title = Recherche
search-button = Chercher
search-orders = Commandes
search-customers = Clients
search-pages = Pages
search-actions = Actions
search-recent = Récemment
search-none = Aucun résultat
search-hint = La recherche porte sur les numéros, les noms, les téléphones sous toutes leurs formes ou leurs quatre derniers chiffres, les références et les articles.
search-all-orders = Toutes les commandes trouvées
search-orders-of = { $count ->
    [one] { $n } commande
    [many] { $n } de commandes
    *[other] { $n } commandes
}
