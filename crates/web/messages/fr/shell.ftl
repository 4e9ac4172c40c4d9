# The frame of every staff page, its menus and shortcuts.

shell-name = Kafila
shell-about = Commandes, appels et livraisons d’une boutique au même endroit.
shell-shortcut-search = Recherche
shell-skip = Aller au contenu
shell-main = Principal
shell-quick = Accès rapide
shell-top = Recherche et compte
shell-search = Chercher une commande, un téléphone, un client
shell-back = Retour : { $section }
shell-language = Langue
shell-theme = Thème
shell-more = Plus
shell-offline = Vous êtes hors ligne. Ce qui est affiché reste là ; les changements demandent le réseau.
shell-undo = Annuler
shell-live = En direct
shell-reconnecting = Reconnexion
shell-copied = Copié
shell-close = Fermer
shell-not-now = Ne rien changer
shell-pages = Pages
shell-previous = Précédent
shell-next = Suivant
shell-failed = Le serveur n’a pas répondu. Rien n’est perdu ; réessayez.
shell-sign-out = Se déconnecter
shell-stores = { $count ->
    [one] { $n } boutique
    *[other] { $n } boutiques
}
shell-nav-orders = Commandes
shell-nav-customers = Clients
shell-group-customers = Clients
shell-nav-stores = Boutiques
shell-nav-people = Personnes
shell-nav-settings = Réglages
shell-nav-imports = Imports
shell-nav-audit = Journal d’audit
shell-nav-system = Système
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
keys-pick = Choisir la ligne, ou jusqu’à elle
keys-quick = Voir la commande à côté de la liste
keys-fresh = Charger les nouvelles commandes
keys-views = Vue précédente et suivante
keys-undo = Annuler la dernière étape
keys-help = Cette liste

shell-nav-home = Tableau de bord
shell-nav-alerts = À traiter
shell-home = Accueil
shell-waiting = { $count ->
    [one] { $n } chose vous attend
    [many] { $n } de choses vous attendent
    *[other] { $n } choses vous attendent
}
shell-back-in = La connexion est rétablie. Rien de votre saisie n’est perdu.
shell-new-version = Kafila a été mis à jour.
shell-reload = Charger la nouvelle version
session-over-title = Votre session est terminée
session-over-text = Reconnectez-vous dans un nouvel onglet, puis revenez ici. Votre saisie est conservée et pourra être envoyée.
session-over-button = Se connecter
session-back-title = La connexion est rétablie
session-back-text = Fermez cet onglet et reprenez là où vous étiez.
session-back-button = Continuer ici
keys-everywhere = Partout
keys-escape = Fermer ce qui est ouvert
keys-go = Aller à
keys-lists = Dans les listes
keys-here = Sur cette page
keys-off-hint = Les touches seules peuvent gêner la commande vocale ou être pressées par erreur.
keys-off = Désactiver les touches seules
keys-on = Activer les touches seules
