# States, channels, priorities: one word for each thing.

state-new = جديد
state-to-confirm = للتأكيد
state-call-back = إعادة الاتصال
state-no-answer = لا رد
state-confirmed = مؤكد
state-backordered = في انتظار المخزون
state-processing = قيد التحضير
state-ready = جاهز للشحن
state-shipped = مشحون
state-out = خرج للتوصيل
state-in-delivery = قيد التوصيل
state-delivered = مسلّم
state-return-requested = طلب إرجاع
state-return-approved = إرجاع مقبول
state-returned = مرتجع
state-refunded = مسترد
state-cancelled = ملغى

line-backordered = ينتظر المخزون
line-cancelled = ملغى
line-returned = مرتجع

priority-low = منخفضة
priority-normal = عادية
priority-high = عالية
priority-urgent = عاجلة

payment-unpaid = غير مدفوع
payment-authorized = مرخّص
payment-paid = مدفوع
payment-part-refunded = مسترد جزئياً
payment-refunded = مسترد
payment-charged-back = مسترجع من البنك
payment-cod = الدفع عند الاستلام
payment-card = بطاقة
payment-transfer = تحويل
payment-wallet = محفظة إلكترونية
payment-voucher = قسيمة
payment-other = أخرى

shipping-none = غير منشأة
shipping-booked = محجوزة
shipping-in-transit = في الطريق
shipping-out = خرجت للتوصيل
shipping-at-office = في المكتب
shipping-failed-attempt = محاولة فاشلة
shipping-delivered = مسلّمة
shipping-returning = في طريق العودة
shipping-returned = مرتجعة
shipping-lost = ضائعة

channel-web = متجر الويب
channel-whatsapp = واتساب
channel-instagram = إنستغرام
channel-facebook = فيسبوك
channel-messenger = ماسنجر
channel-tiktok = تيك توك
channel-phone = هاتف
channel-in-store = في المحل
channel-marketplace = سوق إلكتروني
channel-api = واجهة البرمجة
channel-import = ملف
