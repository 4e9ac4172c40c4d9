# People, roles, sessions, keys.

people-title = Personnes
people-tabs = Personnes et accès
people-subtitle = { $count ->
    [one] { $n } personne active
    *[other] { $n } personnes actives
}
people-everybody = Tous
people-active = Actif
people-invited = Invité
people-archived = Désactivé
people-search = Nom, e-mail ou rôle
people-state = État
people-name = Nom
people-role = Rôle
people-stores = Boutiques
people-all-stores = Toutes les boutiques
people-factor = Second facteur
people-factor-on = Actif
people-factor-off = Inactif
people-seen = Dernière connexion
people-never = Jamais
people-since = Depuis
people-you = Vous
people-none = Personne ici
people-none-text = Les personnes dans cet état apparaîtront ici.
people-no-match = Personne ne correspond à « { $q } »
people-no-match-text = Essayez une partie du nom, de l’e-mail ou du rôle.
people-invite = Inviter quelqu’un
people-invite-text = La personne reçoit un lien, choisit un mot de passe et entre.
people-invite-button = Créer l’invitation
people-invite-again = Nouveau lien
people-invite-another = Inviter une autre personne
people-back = Retour aux personnes
people-email-hint = Elle se connecte avec.
people-role-hint = Uniquement les rôles dont vous avez vous-même les droits.
people-stores-hint = Sans effet si le rôle voit toutes les boutiques.
people-language-usual = Comme l’organisation
people-invited-title = Invitation pour { $name }
people-invited-text = L’invitation est créée, et part par e-mail si l’envoi est configuré.
people-link-text = Le lien ne s’affiche qu’une fois. Qui l’a peut entrer : envoyez-le à cette personne seulement.
people-link = Lien pour entrer
people-link-until = Il sert une fois, jusqu’au
people-by-whatsapp = Envoyer par WhatsApp
people-by-mail = Envoyer par e-mail
people-invite-subject = Votre accès à { $organization }
people-invite-message = Bonjour { $name }, voici votre accès à { $organization }. Ouvrez le lien et choisissez un mot de passe : { $link }
people-facts = À propos
people-open-orders = { $count ->
    [one] { $n } commande en cours
    *[other] { $n } commandes en cours
}
people-let-go = Désactiver
people-let-go-title = Désactiver { $name } ?
people-let-go-text = Ses sessions, clés et liens prennent fin aussitôt. Son historique reste, et vous pourrez la réinviter.
people-let-go-orders = { $count ->
    [one] Ses sessions, clés et liens prennent fin aussitôt. { $n } commande en cours reste la sienne jusqu’à ce qu’on la confie à un autre agent ; son historique reste.
    *[other] Ses sessions, clés et liens prennent fin aussitôt. { $n } commandes en cours restent les siennes jusqu’à ce qu’on les confie à un autre agent ; son historique reste.
}
people-is-archived = Cette personne ne peut plus se connecter. La réinviter lui donne un nouveau lien ; rôle et boutiques restent les mêmes.
people-reopen = Réinviter
people-reset-factor = Couper le second facteur
people-reset-factor-title = Couper le second facteur de { $name } ?
people-reset-factor-text = Pour qui a perdu son téléphone. Le mot de passe suffit jusqu’à une nouvelle configuration.

roles-title = Rôles
roles-subtitle = Qui peut faire quoi. Un changement vaut aussitôt pour toutes les personnes du rôle.
roles-new = Nouveau rôle
roles-new-text = Partez d’un rôle proche, puis ajoutez et retirez.
roles-make = Créer le rôle
roles-copy = Nouveau rôle à partir d’ici
roles-own = Le vôtre
roles-people = { $count ->
    [one] { $n } personne
    *[other] { $n } personnes
}
roles-rights = { $n } droits sur { $all }
roles-same = Comme { $base } au départ
roles-differs = Par rapport à { $base } : { $more } en plus, { $less } en moins
roles-matrix = Domaines et rôles
roles-area = Domaine
roles-share-all = Tout
roles-share-none = Rien
roles-share-part = En partie
roles-share-some = { $n }/{ $all }
roles-compare = Comparer avec
roles-compare-button = Afficher
roles-more = En plus
roles-less = En moins
roles-name = Nom du rôle
roles-who = Qui l’a
roles-remove = Supprimer le rôle
roles-remove-title = Supprimer { $name } ?
roles-remove-text = Personne ne l’a. Il ne revient pas, mais vous pouvez le recréer.
roles-admin-fixed = Admin a tous les droits et ne change pas.
roles-above-you = Ce rôle peut plus que vous : vous ne pouvez que le consulter.
roles-stale = Ce rôle a changé entre-temps. Il s’appelle { $name }. Seulement là-bas : { $theirs }. Seulement ici : { $yours }. Enregistrer garde ce qui est coché.

sessions-title = Sessions
sessions-subtitle = { $count ->
    [one] { $n } connexion ouverte
    *[other] { $n } connexions ouvertes
}
sessions-device = Appareil
sessions-browser = Navigateur
sessions-token = Jeton d’API
sessions-address = Adresse IP
sessions-seen = Dernière activité
sessions-until = Prend fin
sessions-trusted = De confiance
sessions-this = Celle-ci
sessions-end = Terminer
sessions-end-all = Tout terminer
sessions-end-all-title = Terminer toutes les sessions de { $name } ?
sessions-end-all-text = La personne est déconnectée partout et se reconnecte avec son mot de passe.

keysof-title = Clés d’API
keysof-subtitle = Ce avec quoi les programmes entrent. Une clé ne peut jamais plus que son propriétaire.
keysof-new = Nouvelle clé
keysof-new-text = Donnez au programme le strict nécessaire, et une fin.
keysof-make = Créer la clé
keysof-docs = Documentation de l’API
keysof-name = Nom
keysof-name-hint = À quoi elle sert : « Boutique en ligne ».
keysof-owner = Appartient à
keysof-owner-hint = La vôtre suit votre rôle et finit avec vous ; celle d’un rôle reste.
keysof-mine = Moi
keysof-of-role = Le rôle { $role }
keysof-may = Peut
keysof-all-rights = Tout ce que peut son propriétaire
keysof-some-rights = { $count ->
    [one] { $n } droit
    *[other] { $n } droits
}
keysof-rights = Ce qu’elle peut faire
keysof-rights-hint = Rien de coché : tout ce que peut son propriétaire.
keysof-stores-hint = Rien de coché : toutes les boutiques que voit son propriétaire.
keysof-ends = Expire
keysof-ends-hint = Le dernier jour où elle marche. Sans date, elle marche jusqu’à ce qu’on y mette fin.
keysof-no-end = Sans fin
keysof-over = Expirée
keysof-used = Dernière utilisation
keysof-unused = Pas encore
keysof-none = Pas encore de clé
keysof-none-text = Une clé permet à une boutique en ligne, une feuille ou un script de travailler avec les commandes par l’API.
keysof-revoke = Mettre fin à la clé
keysof-revoke-title = Mettre fin à la clé { $name } ?
keysof-revoke-text = Les programmes qui l’utilisent sont refusés aussitôt. Elle ne revient pas.
keysof-made-title = Clé { $name }
keysof-once = La clé ne s’affiche que cette fois. Copiez-la maintenant et gardez-la là où votre programme la lit.
keysof-secret = La clé
keysof-example = Essayer
keysof-done = Je l’ai copiée

area-orders = Commandes
area-moves = Étapes d’une commande
area-customers = Clients
area-money = Paiements et factures
area-catalogue = Produits, étiquettes, champs
area-insight = Chiffres et historique
area-team = Équipe et accès
area-setup = Boutiques et système

right-order-read = Voir les commandes
right-order-see-all = Voir les commandes de tous les agents
right-order-place = Saisir des commandes
right-order-edit = Modifier les commandes : articles, adresse, priorité
right-order-confirm = Confirmer, mettre en attente de stock, réapprovisionner
right-order-process = Commencer la préparation
right-order-ship = Remettre au transporteur, suivre en route
right-order-deliver = Signaler une livraison
right-order-cancel = Annuler et rouvrir
right-order-return = Demander un retour
right-order-return-approve = Accepter, refuser et recevoir les retours
right-order-refund = Rembourser
right-order-correct = Corriger une étape
right-order-note = Écrire des notes et des suivis
right-order-hold = Bloquer et débloquer des commandes
right-order-escalate = Faire remonter un problème
right-escalation-handle = Traiter ce qui est remonté
right-order-attach = Joindre des photos et des fichiers
right-order-bulk = Agir sur plusieurs commandes à la fois
right-order-assign = Confier des commandes aux agents
right-order-archive = Retirer des commandes des listes du jour
right-order-decide = Noter les décisions des règles et des modèles
right-order-import = Importer des commandes
right-order-export = Exporter des commandes
right-payment-read = Voir les paiements et remboursements
right-payment-record = Enregistrer paiements et remboursements
right-number-read = Voir les numéros de facture
right-number-issue = Attribuer des numéros et annuler des documents
right-stats-read = Voir les chiffres
right-customer-read = Voir les clients
right-customer-edit = Modifier les clients
right-customer-merge = Fusionner deux clients, et l’annuler
right-customer-export = Sortir tout ce qui est gardé sur une personne
right-customer-erase = Effacer une personne
right-phone-see = Voir les numéros de téléphone entiers
right-phone-reveal = Voir un numéro à la fois, ce qui est noté
right-contact-see = Voir les e-mails et les rues en entier
right-catalogue-read = Voir les produits
right-catalogue-edit = Modifier les produits
right-tag-edit = Créer, renommer, fusionner et archiver des étiquettes
right-field-edit = Définir les champs de l’équipe
right-view-share = Partager des vues de listes
right-store-read = Voir les boutiques
right-store-edit = Ouvrir et modifier des boutiques
right-store-see-all = Voir toutes les boutiques
right-user-read = Voir les personnes et les rôles
right-user-edit = Inviter, modifier et désactiver des personnes
right-role-edit = Créer et modifier des rôles
right-session-edit = Voir et terminer les sessions des autres
right-api-key-edit = Créer et terminer des clés d’API
right-settings-read = Voir les réglages
right-settings-edit = Modifier les réglages
right-audit-read = Lire l’historique complet
right-system-read = Voir les travaux, horaires et l’état du système
right-system-edit = Relancer et arrêter des travaux, changer les horaires
right-log-read = Lire le journal du serveur
right-backup-take = Sortir des sauvegardes : tout, de tous
roles-from = Partir de
