# Statuses and moves: states with their sub-statuses, moves with what they ask for, the draft, versions, the file.

status-title = Statuts et mouvements
status-tab-states = États
status-tab-moves = Mouvements
status-tab-draft = Brouillon
status-tab-versions = Versions
status-tab-file = Fichier
status-as-built = D’origine
status-version = Version { $n }
status-graph = Comment les commandes passent d’un état à l’autre
status-arrow = De { $from } à { $to } : { $action }
status-legend-open = Libre
status-legend-guarded = Sous condition
status-legend-off = Coupé
status-customer-hears = Client prévenu
status-erp-hears = ERP prévenu
status-state-about = État { $state }. Les changements vont d’abord dans le brouillon.
status-labels-text = Vide : le nom d’origine.
status-tone-usual = D’origine
status-tone-of-state = Comme l’état
status-color = Couleur propre
status-color-hint = Par exemple #b45309, pour programmes et autres écrans ; vide : aucune.
status-progress = Avancement
status-progress-hint = Avancement compté ici, 0 à 100 ; vide : d’origine.
status-notifies = Le client est prévenu
status-notifies-hint = Quand une commande arrive ici.
status-syncs = L’ERP est prévenu
status-syncs-hint = S’il a une adresse.
status-as-built-mark = D’origine
status-as-state = Comme l’état
status-subs = Sous-statuts
status-subs-text = Des places nommées dans l’état : « Sans réponse », « Emballée ». Les commandes y passent sans quitter l’état.
status-new-sub = Nouveau sous-statut
status-key = Clé
status-key-hint = Minuscules, chiffres et tirets bas : no_answer. Elle appartient à cet état pour toujours.
status-order = Ordre
status-default = Par défaut
status-default-hint = Les commandes arrivent ici si rien d’autre n’est dit.
status-archived = Archivé
status-archived-hint = Plus aucune commande n’arrive ici ; celles qui y sont restent.
status-next = Peut être suivi de
status-next-hint = Rien de coché : tous les autres de l’état.
status-forbids = Impossible d’ici
status-forbids-hint = Ces mouvements sont coupés tant que la commande est ici.
status-ways = Sorties
status-guards = Ce qui est exigé
status-guards-text = Tout doit être rempli, sinon le mouvement est refusé en disant ce qui manque.
status-remove = Retirer ce sous-statut
status-remove-hint = Dans le brouillon vous direz où vont ses commandes.
status-to-draft = Mettre dans le brouillon

status-moves-title = Mouvements
status-moves-about = Toutes les étapes possibles. Vous pouvez en couper ou exiger plus ; on ne peut pas en ajouter.
status-off = Coupé
status-reason-needed = Motif
status-move-off = Couper ce mouvement
status-move-off-hint = Personne ne peut le faire, ni par page ni par programme. Les fichiers du passé n’y sont pas tenus.
status-move-right = Droit nécessaire
status-move-reason = Doit dire pourquoi

guard-asks = Condition { $n }
guard-value = Valeur { $n }
guard-value-hint = Ce qui va avec la condition ; voir plus bas.
guard-none = Aucune condition
guard-help = Valeurs possibles
guard-help-tag = le nom d’une étiquette
guard-help-role = le nom d’un rôle
guard-kind-reason = Un motif
guard-kind-note = Une explication
guard-kind-notes = Un nombre de notes d’un type
guard-kind-field = Un champ rempli
guard-kind-tag = Une étiquette
guard-kind-role = Un rôle
guard-kind-right = Un droit de plus
guard-kind-confirmation = L’avancement de l’appel
guard-kind-payment = L’avancement du paiement
guard-reason = Un motif
guard-note = Une note explicative
guard-tag = Étiquette « { $tag } »
guard-field = Rempli : { $field }
guard-right = Droit : { $right }
guard-role = Rôle { $role }
guard-confirmation = Appel : { $is }
guard-payment = Paiement : { $is }
guard-notes = Au moins { $least } notes « { $kind } »
guard-field-phone = téléphone
guard-field-street = rue
guard-field-city = commune
guard-field-province = wilaya
guard-field-postal-code = code postal
guard-field-tracking = numéro de suivi
guard-field-courier = transporteur
guard-field-agent = agent
guard-field-customer = client
guard-field-expected-on = date de livraison
guard-field-external-ref = référence
call-pending = pas commencé
call-attempting = en cours d’appel
call-confirmed = confirmée
call-failed = échouée
call-abandoned = abandonnée

status-draft-title = Brouillon
status-draft-about = Vos changements attendent ici : regardez-les, essayez-les sur vos commandes, puis mettez-les en vigueur.
status-draft-changes = { $count ->
    [one] Un brouillon avec { $n } changement attend.
    *[other] Un brouillon avec { $n } changements attend.
}
status-draft-look = Le voir
status-draft-none = Pas de brouillon
status-draft-none-text = Modifiez un état ou un mouvement : le changement attendra ici sa mise en vigueur.
status-draft-gone = Le brouillon n’est plus là : quelqu’un l’a mis en vigueur ou jeté.
status-draft-stale = Les règles ou le brouillon ont changé entre-temps. Voici ce qui vaut maintenant ; vérifiez et renvoyez.
status-draft-outdated = La version { $n } est entrée en vigueur depuis ce brouillon.
status-draft-lost = Il y a déjà un brouillon ; revenir en arrière le remplace.
status-rebase = Comparer avec la version en vigueur
status-differences = Ce qui change
status-no-differences = Rien ne diffère.
status-place = Endroit
status-before = Avant
status-after = Après
status-map-title = Où vont leurs commandes ?
status-map-text = Ces sous-statuts disparaissent. Dites où vont les commandes qui y sont.
status-map-choose = Choisir
status-map-default = Celui par défaut de l’état
status-trial-title = Essai sur vos commandes
status-try = Essayer
status-trial-none = Pas essayé depuis le dernier changement. L’essai ne change rien.
status-trial-running = Examen des commandes : { $done } sur { $total }
status-trial-again = Actualiser
status-trial-failed = L’essai n’est pas allé au bout. Réessayez.
status-trial-clean = { $count ->
    [one] { $n } commande examinée ; rien à signaler.
    *[other] { $n } commandes examinées ; rien à signaler.
}
status-trial-found = { $count ->
    [one] { $n } commande examinée. À noter :
    *[other] { $n } commandes examinées. À noter :
}
status-no-substatus = aucun sous-statut
status-found-gone = Iraient vers : { $to }
status-found-archived = Sont dans un sous-statut archivé
status-found-without = N’ont pas de sous-statut alors que leur état en a
status-found-stuck = Ne pourraient plus avancer
status-found-guard = Il manque { $guard } pour : { $action }
status-activate-title = Mettre en vigueur
status-activate-text = En vigueur aussitôt, pour tous. La version précédente reste, vous pouvez y revenir.
status-note = Pourquoi
status-activate = Mettre en vigueur
status-discard = Jeter
status-discard-title = Jeter le brouillon ?
status-discard-text = Ses changements sont perdus. Ce qui est en vigueur reste.

status-versions-title = Versions
status-versions-about = Tous les jeux de règles qui ont été en vigueur, avec qui et pourquoi.
status-versions-none = Personne n’a encore changé les règles.
status-origin-rules = règles
status-origin-settings = réglages
status-origin-restore = retour à une version
status-in-force = En vigueur
status-when = Quand
status-who = Qui
status-how = Par
status-why = Pourquoi
status-changed-then = Ce qu’elle a changé
status-changes-back = Revenir changerait
status-back-to = Reprendre en brouillon

status-file-title = Un seul fichier
status-file-about = Le tout en un fichier JSON, à garder, comparer ou porter dans une autre organisation.
status-export = Télécharger l’existant
status-file-label = Règles en JSON
status-file-hint = Ce que vous apportez devient le brouillon. Rien n’est en vigueur avant votre accord.
status-file-choose = Choisir un fichier
status-import = Importer en brouillon
status-file-broken = Ce n’est pas du JSON : ligne { $line }, colonne { $column }.
status-file-mistakes = { $count ->
    [one] { $n } erreur ; rien n’a été pris.
    *[other] { $n } erreurs ; rien n’a été pris.
}
