# States, channels, priorities: one word for each thing.

state-new = New
state-to-confirm = To confirm
state-call-back = Call back
state-no-answer = No answer
state-confirmed = Confirmed
state-backordered = Backordered
state-processing = In preparation
state-ready = Ready to ship
state-shipped = Shipped
state-out = Out for delivery
state-in-delivery = In delivery
state-delivered = Delivered
state-return-requested = Return asked
state-return-approved = Return approved
state-returned = Returned
state-refunded = Refunded
state-cancelled = Cancelled

line-backordered = Waits for stock
line-cancelled = Cancelled
line-returned = Returned

priority-low = Low
priority-normal = Normal
priority-high = High
priority-urgent = Urgent

payment-unpaid = Not paid
payment-authorized = Authorized
payment-paid = Paid
payment-part-refunded = Part refunded
payment-refunded = Refunded
payment-charged-back = Charged back
payment-cod = Cash on delivery
payment-card = Card
payment-transfer = Transfer
payment-wallet = Mobile wallet
payment-voucher = Voucher
payment-other = Other

shipping-none = Not created
shipping-booked = Booked
shipping-in-transit = On its way
shipping-out = Out for delivery
shipping-at-office = At the office
shipping-failed-attempt = Attempt failed
shipping-delivered = Delivered
shipping-returning = Coming back
shipping-returned = Back
shipping-lost = Lost

channel-web = Web store
channel-whatsapp = WhatsApp
channel-instagram = Instagram
channel-facebook = Facebook
channel-messenger = Messenger
channel-tiktok = TikTok
channel-phone = Phone
channel-in-store = In store
channel-marketplace = Marketplace
channel-api = API
channel-import = File
