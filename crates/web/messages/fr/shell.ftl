# The frame of every staff page, its menus and shortcuts.

shell-name = Kafila
shell-skip = Aller au contenu
shell-main = Principal
shell-quick = Accès rapide
shell-top = Recherche et compte
shell-search = Chercher une commande, un téléphone, un client
shell-back = Retour aux commandes
shell-language = Langue
shell-theme = Thème
shell-more = Plus
shell-offline = Vous êtes hors ligne. Ce qui est affiché reste là ; les changements demandent le réseau.
shell-undo = Annuler
shell-live = En direct
shell-reconnecting = Reconnexion
shell-copied = Copié
shell-close = Fermer
shell-failed = Le serveur n’a pas répondu. Rien n’est perdu ; réessayez.
shell-sign-out = Se déconnecter
shell-stores = { $count ->
    [one] { $n } boutique
    *[other] { $n } boutiques
}
shell-nav-orders = Commandes
shell-nav-api = API
shell-group-setup = Configuration

theme-system = Comme l’appareil
theme-light = Clair
theme-dark = Sombre

keys-title = Raccourcis clavier
keys-search = Chercher partout
keys-filter = Filtrer cette vue
keys-move = Ligne suivante et précédente
keys-open = Ouvrir la ligne
keys-fresh = Charger les nouvelles commandes
keys-views = Vue précédente et suivante
keys-orders = Aller aux commandes
keys-confirm = Confirmer la commande
keys-note = Écrire une note
keys-undo = Annuler la dernière étape
keys-help = Cette liste
