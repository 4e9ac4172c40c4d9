# One order: its page, its moves, its history.

order-window = Commande { $number } · Commandes · Kafila
order-heading = Commande { $number }
order-came = { $channel }, { $at }
order-updated = modifiée : { $at }
order-archived = Archivée
order-print = Imprimer
order-reload = Recharger
order-changed-meanwhile = Cette commande a changé pendant que vous la consultiez.
order-see-changes = Voir les changements
order-progress = Avancement
order-promise = Promesse : livraison avant le { $day }
order-step-received = Reçue
order-step-confirming = Confirmation en cours
order-step-confirmed = Confirmée
order-step-preparation = En préparation
order-step-shipped = Expédiée
order-step-out = En livraison
order-step-delivered = Livrée
order-step-return-asked = Retour demandé
order-step-return-approved = Retour accepté
order-step-returned = Retournée
order-step-refunded = Remboursée
order-step-cancelled = Annulée
order-waits-confirm = En attente de la confirmation du client
order-waits-process = Confirmée, en attente de préparation
order-waits-stock = En attente de stock
order-waits-ship = En préparation, en attente du transporteur
order-waits-out = En route
order-waits-deliver = Avec le livreur
order-waits-nothing = Livrée
order-waits-return-approval = Le client demande un retour
order-waits-return = En attente du retour du colis
order-waits-refund = Retournée
order-waits-refunded = Le montant a été remboursé
order-waits-cancelled = Annulée
order-next = Prochaine action
order-next-confirm = Appeler le client
order-next-process = Préparer le colis
order-next-stock = Attendre le stock
order-next-ship = Remettre le colis
order-next-follow = Suivre le colis
order-next-delivered = Livrée : rien à faire
order-next-return = Traiter le retour
order-next-closed = Close
order-next-hint = Chaque étape est gardée dans l’historique et s’annule pendant quelques secondes.
order-call = Appeler
order-moves = Étapes possibles
order-reason = Motif
order-reason-pick = Choisir un motif
order-note-optional = Note (facultative)
order-items = Articles
order-units = { $count ->
    [one] { $n } unité
    *[other] { $n } unités
}
order-subtotal = Sous-total
order-discount = Remise
order-shipping-fee = Livraison
order-cod-fee = Frais de paiement à la livraison
order-tax = { $label } { $rate }
order-tax-included = Dont { $label } { $rate }
order-credited = Avoirs
order-total = Total
order-to-collect = À encaisser à la livraison
order-activity = Activité
order-activity-filter = Filtrer l’activité
order-activity-all = Tout
order-activity-notes = Notes
order-activity-status = État
order-activity-empty = Rien pour l’instant.
order-note-placeholder = Écrire une note pour l’équipe
order-note-add = Ajouter
order-note-visible = Le client peut la lire
order-note-added = Note ajoutée
order-undone = Étape annulée
order-aside = Client et livraison
order-customer = Client
order-customer-since = Client depuis le { $day }
order-customer-orders = commandes
order-customer-delivered = livrées
order-customer-returned = retournées
order-customer-cancelled = annulées
order-copy-phone = Copier le numéro
order-payment = Paiement
order-payment-method = Mode
order-payment-due = À encaisser
order-shipment = Colis
order-courier = Transporteur
order-tracking = Numéro de suivi
order-expected = Prévue
order-facts = Détails
order-store = Boutique
order-agent = Agent
order-reference = Référence
order-channel = Canal
order-address = Adresse
order-priority = Priorité
order-tags = Étiquettes
order-reason-was = Motif : { $reason }

history-system = Kafila
history-somebody = Quelqu’un
history-placed = { $who } a passé la commande
history-confirm = { $who } a confirmé la commande
history-backorder = { $who } a mis la commande en rupture
history-restock = { $who } a signalé le retour du stock
history-process = { $who } a lancé la préparation
history-hand-over = { $who } a remis le colis au transporteur
history-out = { $who } a signalé la sortie en livraison
history-fail-delivery = { $who } a signalé une livraison échouée
history-deliver = { $who } a signalé la livraison
history-return-to-sender = { $who } a signalé le retour du colis
history-request-return = { $who } a noté la demande de retour du client
history-approve-return = { $who } a accepté le retour
history-reject-return = { $who } a refusé le retour
history-receive-return = { $who } a reçu le retour
history-refund = { $who } a remboursé la commande
history-cancel = { $who } a annulé la commande
history-reopen = { $who } a rouvert la commande
history-correct = { $who } a corrigé l’état
history-undone = { $who } est revenu sur la dernière étape
history-substatus = { $who } a changé le sous-statut
history-numbered = { $who } a donné son numéro au document
history-number-voided = { $who } a annulé le document, qui garde son numéro
history-changed = { $who } a modifié la commande
history-edited = { $who } a modifié le contenu de la commande
history-edit-undone = { $who } a annulé la modification
history-line-moved = { $who } a changé l’état d’un article
history-note = { $who } a écrit une note
history-note-customer = { $who } a écrit une note visible par le client
history-tracking = { $who } a ajouté une étape de suivi
history-attached = { $who } a joint un fichier
history-attachment-changed = { $who } a modifié la description d’un fichier
history-detached = { $who } a retiré un fichier
history-attachment-restored = { $who } a remis un fichier
history-archived = { $who } a archivé la commande
history-unarchived = { $who } a sorti la commande des archives
history-decision = { $who } a enregistré une décision
history-credited = { $who } a enregistré un avoir
history-notified = { $who } a envoyé un message au client
history-pushed = { $who } a informé le back-office
history-push-refused = { $who } n’a pas pu informer le back-office
history-given = { $who } a attribué la commande à { $to }
history-taken = { $who } a pris la commande
history-freed = { $who } a laissé la commande sans agent
history-message-asked = { $who } a demandé d’informer le client de l’état de la commande
history-message-called-off = { $who } a annulé cet envoi
history-hold-set = { $who } a bloqué la commande
history-hold-changed = { $who } a modifié un blocage
history-hold-released = { $who } a levé un blocage
history-hold-undone = { $who } est revenu sur un blocage ou sa levée
history-escalated = { $who } a fait remonter un problème
history-escalation-acknowledged = { $who } a pris le problème en charge
history-escalation-moved = { $who } a fait remonter le problème plus haut
history-escalation-late = Le problème est remonté faute de réponse à temps
history-escalation-answered = { $who } a renvoyé le problème avec une réponse
history-escalation-overdue = Personne n’a répondu à temps au dernier niveau
history-escalation-resolved = { $who } a réglé le problème
history-other = { $who } a fait autre chose

move-confirm = Confirmer

moved-confirm = Commande { $number } confirmée

move-backorder = Mettre en rupture

moved-backorder = Commande { $number } en rupture

move-restock = Stock arrivé

moved-restock = La commande { $number } peut continuer

move-process = Lancer la préparation

moved-process = Commande { $number } en préparation

move-hand-over = Remettre au transporteur

moved-hand-over = Commande { $number } remise au transporteur

move-out = Sortie en livraison

moved-out = Commande { $number } en livraison

move-fail-delivery = Livraison échouée

moved-fail-delivery = Échec de livraison noté pour la commande { $number }

move-deliver = Livrée

moved-deliver = Commande { $number } livrée

move-return-to-sender = Retour à l’expéditeur

moved-return-to-sender = La commande { $number } revient

move-request-return = Retour demandé

moved-request-return = Retour de la commande { $number } noté

move-approve-return = Accepter le retour

moved-approve-return = Retour de la commande { $number } accepté

move-reject-return = Refuser le retour

moved-reject-return = Retour de la commande { $number } refusé

move-receive-return = Recevoir le retour

moved-receive-return = Retour de la commande { $number } reçu

move-refund = Rembourser

moved-refund = Commande { $number } remboursée

move-cancel = Annuler la commande

moved-cancel = Commande { $number } annulée

move-reopen = Rouvrir

moved-reopen = Commande { $number } rouverte

move-correct = Corriger

moved-correct = État de la commande { $number } corrigé

reason-customer-refused = Le client a refusé
reason-unreachable = Injoignable
reason-wrong-number = Mauvais numéro
reason-duplicate = Doublon
reason-out-of-stock = Rupture de stock
reason-price = Prix
reason-other = Autre
reason-not-home = Absent
reason-postponed = Reporté par le client
reason-wrong-address = Mauvaise adresse
reason-damaged = Endommagé
reason-wrong-item = Mauvais article
reason-size = Mauvaise taille
reason-changed-mind = Changement d’avis
reason-too-late = Trop tard
reason-used = Utilisé
reason-returned = Article retourné
reason-goodwill = Geste commercial
reason-mistake = Saisie par erreur
reason-courier-report = Erreur du transporteur
