# One order: its page, its moves, its history.

order-window = الطلب { $number } · الطلبات · قافلة
order-heading = الطلب { $number }
order-came = { $channel }، { $at }
order-updated = آخر تعديل: { $at }
order-archived = مؤرشف
order-print = طباعة
order-reload = إعادة التحميل
order-changed-meanwhile = تغير هذا الطلب أثناء اطلاعك عليه.
order-see-changes = عرض التغييرات
order-progress = التقدم
order-promise = الوعد: التسليم قبل { $day }
order-step-received = استلام الطلب
order-step-confirming = التأكيد جارٍ
order-step-confirmed = التأكيد
order-step-preparation = التحضير
order-step-shipped = الشحن
order-step-out = الخروج للتوصيل
order-step-delivered = التسليم
order-step-return-asked = طلب الإرجاع
order-step-return-approved = قبول الإرجاع
order-step-returned = الإرجاع
order-step-refunded = رد المبلغ
order-step-cancelled = الإلغاء
order-waits-confirm = في انتظار تأكيد الزبون
order-waits-process = مؤكد، في انتظار التحضير
order-waits-stock = في انتظار المخزون
order-waits-ship = قيد التحضير، في انتظار شركة التوصيل
order-waits-out = في الطريق
order-waits-deliver = لدى عون التوصيل
order-waits-nothing = مسلّم
order-waits-return-approval = الزبون يطلب الإرجاع
order-waits-return = في انتظار عودة الطرد
order-waits-refund = مرتجع
order-waits-refunded = تم رد المبلغ
order-waits-cancelled = ملغى
order-next = الخطوة التالية
order-next-confirm = الاتصال بالزبون
order-next-process = تحضير الطرد
order-next-stock = انتظار المخزون
order-next-ship = تسليم الطرد
order-next-follow = متابعة الطرد
order-next-delivered = مسلّم: لا شيء للقيام به
order-next-return = معالجة الإرجاع
order-next-closed = مغلق
order-next-hint = كل خطوة تُحفظ في السجل ويمكن التراجع عنها خلال ثوانٍ.
order-call = اتصال
order-moves = الخطوات الممكنة
order-reason = السبب
order-reason-pick = اختيار سبب
order-note-optional = ملاحظة (اختيارية)
order-items = المنتجات
order-units = { $count ->
    [zero] لا وحدات
    [one] وحدة واحدة
    [two] وحدتان
    [few] { $n } وحدات
    [many] { $n } وحدة
    *[other] { $n } وحدة
}
order-subtotal = المجموع الفرعي
order-discount = تخفيض
order-shipping-fee = التوصيل
order-cod-fee = رسوم الدفع عند الاستلام
order-tax = { $label } { $rate }
order-tax-included = منها { $label } { $rate }
order-credited = إشعارات دائنة
order-total = المجموع
order-to-collect = للتحصيل عند التسليم
order-activity = النشاط
order-activity-filter = تصفية النشاط
order-activity-all = الكل
order-activity-notes = ملاحظات
order-activity-status = الحالة
order-activity-empty = لا شيء بعد.
order-note-placeholder = كتابة ملاحظة للفريق
order-note-add = إضافة
order-note-visible = يمكن للزبون قراءتها
order-note-added = أُضيفت الملاحظة
order-undone = تم التراجع عن الخطوة
order-aside = الزبون والتوصيل
order-customer = الزبون
order-customer-since = زبون منذ { $day }
order-customer-orders = طلبات
order-customer-delivered = مسلّمة
order-customer-returned = مرتجعة
order-customer-cancelled = ملغاة
order-copy-phone = نسخ رقم الهاتف
order-payment = الدفع
order-payment-method = الطريقة
order-payment-due = للتحصيل
order-shipment = الشحنة
order-courier = شركة التوصيل
order-tracking = رقم التتبع
order-expected = متوقع
order-facts = التفاصيل
order-store = المتجر
order-agent = الموظف
order-reference = المرجع
order-channel = القناة
order-address = العنوان
order-priority = الأولوية
order-tags = الوسوم
order-reason-was = السبب: { $reason }

history-system = قافلة
history-somebody = شخص ما
history-placed = تسجيل الطلب من طرف { $who }
history-confirm = تأكيد الطلب من طرف { $who }
history-backorder = وضع الطلب في انتظار المخزون من طرف { $who }
history-restock = الإشارة إلى توفر المخزون من طرف { $who }
history-process = بدء التحضير من طرف { $who }
history-hand-over = تسليم الطرد إلى شركة التوصيل من طرف { $who }
history-out = الإشارة إلى خروج الطرد للتوصيل من طرف { $who }
history-fail-delivery = الإشارة إلى توصيل فاشل من طرف { $who }
history-deliver = الإشارة إلى التسليم من طرف { $who }
history-return-to-sender = الإشارة إلى عودة الطرد من طرف { $who }
history-request-return = تسجيل طلب الإرجاع من طرف { $who }
history-approve-return = قبول الإرجاع من طرف { $who }
history-reject-return = رفض الإرجاع من طرف { $who }
history-receive-return = استلام المرتجع من طرف { $who }
history-refund = رد المبلغ من طرف { $who }
history-cancel = إلغاء الطلب من طرف { $who }
history-reopen = إعادة فتح الطلب من طرف { $who }
history-correct = تصحيح الحالة من طرف { $who }
history-undone = التراجع عن الخطوة الأخيرة من طرف { $who }
history-substatus = تغيير الحالة الفرعية من طرف { $who }
history-numbered = إعطاء الوثيقة رقمها من طرف { $who }
history-number-voided = إلغاء الوثيقة مع بقاء رقمها من طرف { $who }
history-changed = تعديل الطلب من طرف { $who }
history-edited = تعديل محتوى الطلب من طرف { $who }
history-edit-undone = التراجع عن التعديل من طرف { $who }
history-line-moved = تغيير حالة منتج من طرف { $who }
history-note = كتابة ملاحظة من طرف { $who }
history-note-customer = كتابة ملاحظة يراها الزبون من طرف { $who }
history-tracking = إضافة خطوة تتبع من طرف { $who }
history-attached = إرفاق ملف من طرف { $who }
history-attachment-changed = تعديل وصف ملف من طرف { $who }
history-detached = حذف ملف من طرف { $who }
history-attachment-restored = إعادة ملف من طرف { $who }
history-archived = أرشفة الطلب من طرف { $who }
history-unarchived = إخراج الطلب من الأرشيف من طرف { $who }
history-decision = تسجيل قرار من طرف { $who }
history-credited = تسجيل إشعار دائن من طرف { $who }
history-notified = إرسال رسالة إلى الزبون من طرف { $who }
history-pushed = إعلام النظام الخلفي من طرف { $who }
history-push-refused = تعذر إعلام النظام الخلفي من طرف { $who }
history-given = إسناد الطلب إلى { $to } من طرف { $who }
history-taken = استلام الطلب من طرف { $who }
history-freed = ترك الطلب دون موظف من طرف { $who }
history-message-asked = طلب إبلاغ الزبون بحالة الطلب من طرف { $who }
history-message-called-off = إلغاء تلك الرسالة من طرف { $who }
history-hold-set = تعليق الطلب من طرف { $who }
history-hold-changed = تعديل تعليق من طرف { $who }
history-hold-released = رفع تعليق من طرف { $who }
history-hold-undone = تراجع عن تعليق أو عن رفعه من طرف { $who }
history-escalated = تصعيد مشكلة من طرف { $who }
history-escalation-acknowledged = تولي المشكلة من طرف { $who }
history-escalation-moved = تصعيد المشكلة إلى مستوى أعلى من طرف { $who }
history-escalation-late = صعدت المشكلة لأن أحدا لم يجب في الوقت
history-escalation-answered = إعادة المشكلة مع جواب من طرف { $who }
history-escalation-overdue = لم يجب أحد في آخر مستوى في الوقت
history-escalation-resolved = حل المشكلة من طرف { $who }
history-other = خطوة أخرى من طرف { $who }

move-confirm = تأكيد

moved-confirm = تم تأكيد الطلب { $number }

move-backorder = انتظار المخزون

moved-backorder = الطلب { $number } ينتظر المخزون

move-restock = توفر المخزون

moved-restock = يمكن متابعة الطلب { $number }

move-process = بدء التحضير

moved-process = الطلب { $number } قيد التحضير

move-hand-over = تسليم لشركة التوصيل

moved-hand-over = الطلب { $number } لدى شركة التوصيل

move-out = خروج للتوصيل

moved-out = الطلب { $number } خرج للتوصيل

move-fail-delivery = توصيل فاشل

moved-fail-delivery = سُجل توصيل فاشل للطلب { $number }

move-deliver = تم التسليم

moved-deliver = تم تسليم الطلب { $number }

move-return-to-sender = عودة إلى المرسل

moved-return-to-sender = الطلب { $number } في طريق العودة

move-request-return = طلب إرجاع

moved-request-return = سُجل طلب إرجاع الطلب { $number }

move-approve-return = قبول الإرجاع

moved-approve-return = قُبل إرجاع الطلب { $number }

move-reject-return = رفض الإرجاع

moved-reject-return = رُفض إرجاع الطلب { $number }

move-receive-return = استلام المرتجع

moved-receive-return = استُلم مرتجع الطلب { $number }

move-refund = رد المبلغ

moved-refund = رُد مبلغ الطلب { $number }

move-cancel = إلغاء الطلب

moved-cancel = تم إلغاء الطلب { $number }

move-reopen = إعادة فتح

moved-reopen = أُعيد فتح الطلب { $number }

move-correct = تصحيح

moved-correct = صُححت حالة الطلب { $number }

reason-customer-refused = رفض الزبون
reason-unreachable = تعذر الاتصال
reason-wrong-number = رقم خاطئ
reason-duplicate = مكرر
reason-out-of-stock = نفاد المخزون
reason-price = السعر
reason-other = سبب آخر
reason-not-home = لا أحد في العنوان
reason-postponed = أجّله الزبون
reason-wrong-address = عنوان خاطئ
reason-damaged = متضرر
reason-wrong-item = منتج خاطئ
reason-size = مقاس غير مناسب
reason-changed-mind = تغيير الرأي
reason-too-late = فات الأجل
reason-used = مستعمل
reason-returned = رجع المنتج
reason-goodwill = مجاملة تجارية
reason-mistake = أُدخل خطأً
reason-courier-report = خطأ في تقرير التوصيل
