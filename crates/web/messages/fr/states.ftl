# States, channels, priorities: one word for each thing.

state-new = Nouvelle
state-to-confirm = À confirmer
state-call-back = À rappeler
state-no-answer = Sans réponse
state-confirmed = Confirmée
state-backordered = En rupture
state-processing = En préparation
state-ready = Prête à expédier
state-shipped = Expédiée
state-out = En livraison
state-in-delivery = En livraison
state-delivered = Livrée
state-return-requested = Retour demandé
state-return-approved = Retour accepté
state-returned = Retournée
state-refunded = Remboursée
state-cancelled = Annulée

line-backordered = En rupture
line-cancelled = Annulé
line-returned = Retourné

priority-low = Basse
priority-normal = Normale
priority-high = Haute
priority-urgent = Urgente

payment-unpaid = Non payée
payment-authorized = Autorisée
payment-paid = Payée
payment-part-refunded = Remboursée en partie
payment-refunded = Remboursée
payment-charged-back = Rejetée par la banque
payment-cod = Paiement à la livraison
payment-card = Carte
payment-transfer = Virement
payment-wallet = Portefeuille mobile
payment-voucher = Bon d’achat
payment-other = Autre

shipping-none = Pas créé
shipping-booked = Réservé
shipping-in-transit = En route
shipping-out = En livraison
shipping-at-office = Au bureau
shipping-failed-attempt = Tentative échouée
shipping-delivered = Livré
shipping-returning = En retour
shipping-returned = Revenu
shipping-lost = Perdu

channel-web = Boutique en ligne
channel-whatsapp = WhatsApp
channel-instagram = Instagram
channel-facebook = Facebook
channel-messenger = Messenger
channel-tiktok = TikTok
channel-phone = Téléphone
channel-in-store = En magasin
channel-marketplace = Place de marché
channel-api = API
channel-import = Fichier
