# Looking an order up, the page of one order, a customer's own orders.

track-window = { $title } · { $store }
track-privacy = Votre numéro et votre adresse ne sont pas affichés en entier sur cette page.

# Looking an order up

track-find-title = Où est ma commande ?
track-find-intro = Saisissez le numéro de votre commande. Avec les quatre derniers chiffres de votre téléphone, vous en voyez le détail.
track-find-number = Numéro de commande
track-find-number-hint = Il figure dans le message qui a confirmé votre commande.
track-find-proof = Quatre derniers chiffres de votre téléphone, ou votre e-mail
track-find-proof-hint = Ceux que vous avez donnés avec la commande. Sans eux, la page dit seulement où en est la commande.
track-find-button = Recherche
track-find-more = Pour voir le colis, le montant et l’adresse, ajoutez les quatre derniers chiffres de votre téléphone.
track-find-several = Plusieurs commandes correspondent. Choisissez la vôtre.
track-help = Rien trouvé ?
track-help-number = Vérifiez le numéro dans votre message : deux chiffres s’inversent vite.
track-help-phone = Utilisez le téléphone donné à la commande, même si un autre a reçu l’appel.
track-help-store = Une nouvelle commande peut mettre quelques minutes à apparaître. Ensuite, la boutique peut vous aider.

# One order

track-order = Commande { $number }
track-state = État de la commande
track-route = Le parcours de votre commande
track-progress = Avancement de la commande : { $percent }
track-items = Dans le colis
track-pay-door = À payer à la livraison
track-pay-open = À payer
track-pay-nothing = Plus rien à payer
track-pay-total = Total
track-parcel = Colis
track-parcel-number = Numéro de suivi
track-news = Nouvelles du colis
track-said = De la boutique
track-address = Adresse de livraison
track-contact = Une question sur cette commande ?
track-contact-text = { $store } vous aide. Gardez le numéro { $number } sous la main.
track-call = Appel
track-whatsapp = WhatsApp
track-hello = Bonjour, c’est au sujet de la commande { $number }.
track-reload = Actualisation
track-as-of = État à { $time }
track-mine = Toutes mes commandes
track-other = Recherche d’une autre commande
track-spent-title = Ce lien ne fonctionne plus
track-spent-text = Il est trop ancien ou la boutique l’a désactivé. Recherchez votre commande par son numéro.
track-off-title = Cette page n’existe pas
track-off-text = La boutique ne montre pas ses commandes ici. Demandez-lui directement.

# Where it stands: a heading and what it means

track-h-received = Nous avons votre commande
track-s-received = Nous vous appellerons pour la confirmer. Gardez votre téléphone à portée.
track-h-not-reached = Nous n’avons pas pu vous joindre
track-s-not-reached = Nous avons appelé pour confirmer votre commande et réessaierons. Vous pouvez aussi nous appeler.
track-h-confirmed = Votre commande est confirmée
track-s-confirmed = Nous allons la préparer.
track-h-waiting = Votre commande attend un réassort
track-s-waiting = Un article est épuisé pour le moment. Nous expédions dès qu’il arrive.
track-h-preparing = Nous préparons votre colis
track-s-preparing = Il part ensuite chez le livreur.
track-h-sent = Votre commande est en route
track-s-sent = Le livreur l’a. Vous recevez un appel avant la livraison.
track-h-at-office = Votre colis vous attend
track-s-at-office = Il est au bureau du livreur. Appelez-nous si vous ne savez pas lequel.
track-h-near = Votre commande est chez le livreur
track-s-near = Gardez votre téléphone à portée ; vous recevrez un appel.
track-h-not-met = Le livreur ne vous a pas trouvé
track-s-not-met = Choisissez un autre jour ci-dessous ou appelez-nous ; votre colis est en sécurité.
track-h-delivered = Votre commande est livrée
track-s-delivered = Merci. Si quelque chose ne va pas, dites-le-nous ci-dessous.
track-h-return-asked = Vous avez demandé un retour
track-s-return-asked = Nous l’étudions et vous répondons.
track-h-return-accepted = Votre retour est accepté
track-s-return-accepted = Remettez le colis comme convenu avec la boutique.
track-h-returning = Votre colis retourne à la boutique
track-s-returning = Il n’a pas été remis. Si vous le voulez encore, appelez-nous vite.
track-h-back = Votre colis est revenu à la boutique
track-s-back = Si vous voulez encore la commande, ou si l’on vous doit de l’argent, appelez-nous.
track-h-refunded = Vous avez été remboursé
track-s-refunded = Cette commande est close. Si rien n’est arrivé, appelez-nous.
track-h-cancelled = Cette commande est annulée
track-s-cancelled = Rien ne sera livré et rien n’est à payer. S’il s’agit d’une erreur, appelez-nous.
track-h-lost = Votre colis est perdu
track-s-lost = Nous en sommes désolés. Appelez-nous : nous le renvoyons ou vous remboursons.

# The promise

track-promise-today = Attendue aujourd’hui, { $day }
track-promise-tomorrow = Attendue demain, { $day }
track-promise-on = Attendue { $day }
track-promise-late = Promise pour { $day }, elle est en retard. Nous nous en occupons ; appelez-nous si c’est urgent.
track-day = { $weekday } { $date }
track-at = { $weekday } { $date }, { $time }
track-at-today = Aujourd’hui, { $time }
track-monday = lundi
track-tuesday = mardi
track-wednesday = mercredi
track-thursday = jeudi
track-friday = vendredi
track-saturday = samedi
track-sunday = dimanche

# Stops of the way

track-stage-received = Commande reçue
track-stage-confirmed = Confirmée avec vous
track-stage-prepared = Colis en préparation
track-stage-sent = Chez le transporteur
track-stage-near = Chez le livreur
track-stage-delivered = Livrée
track-stage-return-asked = Retour demandé
track-stage-return-accepted = Retour accepté
track-stage-back = Revenue à la boutique
track-stage-refunded = Remboursée
track-stage-cancelled = Annulée

# Words of couriers

track-news-packed = Emballé
track-news-picked-up = Pris en charge
track-news-in-transit = En transit
track-news-at-hub = Au centre de tri
track-news-at-office = Au bureau du livreur
track-news-out = Chez le livreur
track-news-failed = Non remis
track-news-delivered = Livré
track-news-returned = Revenu à la boutique

# What a customer asks for

track-ask = Demande de changement
track-ask-return = Un problème ou un retour
track-ask-intro = La boutique la lit et vous répond. Rien ne change avant.
track-ask-what = Sujet
track-ask-text = Avec vos mots
track-ask-send = Envoi
track-ask-done = La boutique a votre message et vous répondra.
track-wish-day = Un autre jour de livraison
track-wish-address = Correction de l’adresse
track-wish-cancel = Annulation de la commande
track-wish-return = Retour ou échange
track-wish-other = Autre chose

# A customer's own orders

mine-title = Mes commandes
mine-intro = Saisissez le numéro ou l’e-mail avec lequel vous commandez. Vous recevez un code qui ouvre la liste de vos commandes.
mine-contact = Téléphone ou e-mail
mine-contact-button = Réception d’un code
mine-have-code = J’ai déjà un code
mine-code-title = Saisissez votre code
mine-code-sent = Si { $contact } appartient à l’un de nos clients, un code est en route par e-mail. Pas d’e-mail ? Appelez la boutique : on vous lit un code.
mine-code = Code à six chiffres
mine-code-hint = Il est valable 10 minutes.
mine-code-button = Ouverture de mes commandes
mine-again = Autre numéro
mine-leave = Sortie
mine-over = Votre accès est terminé. Demandez un nouveau code pour continuer.
mine-left = Vous êtes sorti. Vos commandes sont fermées sur cet appareil.
mine-figures = Vos chiffres
mine-orders = Commandes
mine-coming = En cours
mine-delivered = Livrées
mine-spent = Achats
mine-back = Annulées ou retournées
mine-since = Client depuis { $date }
mine-search = Recherche dans mes commandes
mine-show = Afficher
mine-show-all = Toutes
mine-show-coming = En cours
mine-show-delivered = Livrées
mine-show-ended = Annulées ou retournées
mine-sort = Tri
mine-sort-newest = Les plus récentes
mine-sort-oldest = Les plus anciennes
mine-sort-total = Le montant le plus élevé
mine-apply = Application
mine-empty-title = Pas encore de commande
mine-empty-text = Dès que vous commandez, elle apparaît ici.
mine-none-title = Rien ne correspond
mine-none-text = Aucune de vos commandes ne correspond à cette recherche.
mine-none-clear = Toutes les commandes
mine-many = Les { $n } commandes les plus récentes sont prises en compte.
mine-lost-title = Quelle boutique ?
mine-lost-text = Ouvrez cette page depuis un message de votre boutique, ou recherchez une commande par son numéro.
mine-things = { $count ->
    [one] { $n } article
    [many] { $n } articles
   *[other] { $n } articles
}

# What can go wrong

error-setting-phone = Attendu : un numéro avec l’indicatif du pays, par exemple +213 550 14 23 87.
error-setting-colour = Attendu : une couleur telle que #0b6b5d.
error-setting-contrast = Le blanc n’est pas lisible sur cette couleur : contraste { $found }, au moins 4,5. Choisissez-en une plus foncée.
error-tracking-no-match = Aucune commande ne correspond. Vérifiez le numéro et les chiffres.
error-tracking-proof = Plusieurs commandes portent ce numéro. Ajoutez les quatre derniers chiffres de votre téléphone.
error-tracking-code = Ce code ne convient pas ou est trop ancien. Demandez-en un autre.
error-tracking-wish = Ce n’est plus possible pour cette commande. Appelez la boutique.
error-tracking-wishes = La boutique a déjà plusieurs messages de vous aujourd’hui. Appelez-la ou écrivez demain.
error-contact = Attendu : un numéro de téléphone ou une adresse e-mail.
