# One order: what stands beside its story.

order-test = تجربة
order-in-list = الموضع في القائمة
order-previous = الطلب السابق
order-following = الطلب التالي
order-more = المزيد
order-again = إعادة الطلب
order-archive = أرشفة
order-unarchive = إخراج من الأرشيف
order-delete = حذف طلب التجربة
order-delete-consequence = يُحذف طلب التجربة مع ملاحظاته وملفاته ومدفوعاته. لا يمكن التراجع عن ذلك.
order-way-back = الإرجاع
order-step-assigned = الإسناد
order-next-call-at = معاودة الاتصال: { $at }
order-outcome = النتيجة
order-cancel-consequence = يُلغى الطلب ويُبلَّغ الزبون إن نصت الإعدادات على ذلك. يمكن إعادة فتحه.
order-refund-consequence = يُغلق الطلب بعد رد المبلغ.
order-held = معلّق: { $holds }. يجب رفع التعليق قبل متابعة الطرد.
order-held-look = عرض
order-inside = الحالة الفرعية
order-inside-to = إلى
order-inside-reason = السبب كرمز (اختياري)
order-inside-move = نقل
order-edit = تعديل
order-none = لا شيء
order-yes = نعم
order-no = لا
order-activity-messages = رسائل
order-activity-audit = تدقيق
order-field = الحقل
order-before = قبل
order-after = بعد
order-fields-changed = { $count ->
    [zero] لا حقول معدلة
    [one] حقل واحد معدل
    [two] حقلان معدلان
    [few] { $n } حقول معدلة
    [many] { $n } حقلا معدلا
    *[other] { $n } حقل معدل
}
order-field-state = الحالة
order-field-substatus = الحالة الفرعية
order-field-line-discount = تخفيض السطر
order-field-tax = الضريبة
order-field-quantity = الكمية
order-field-price = السعر
order-field-thing = المنتج
order-field-line-count = الأسطر
order-field-item-count = الوحدات
order-field-note = ملاحظة
order-field-owner = المسؤول
order-field-release = رفع التعليق
order-field-kind = النوع
order-field-audience = من يمكنه الاطلاع
order-customer-open = فتح
order-customer-success = نجاح التوصيل
order-customer-last = طلبات سابقة
order-customer-twins = { $count ->
    [zero] لا زبائن آخرين يُرجح أنهم الشخص نفسه
    [one] زبون آخر يُرجح أنه الشخص نفسه
    [two] زبونان آخران يُرجح أنهما الشخص نفسه
    [few] { $n } زبائن آخرين يُرجح أنهم الشخص نفسه
    [many] { $n } زبونا آخر يُرجح أنهم الشخص نفسه
    *[other] { $n } زبون آخر يُرجح أنهم الشخص نفسه
}
order-payment-received = المحصّل
order-payment-record = تسجيل دفعة
order-payment-kind = الاتجاه
order-payment-amount = المبلغ بعملة { $currency }
order-payment-reference = المرجع (اختياري)
order-track-add = إضافة مرحلة تتبع
order-track-status = الحالة
order-track-place = المكان (اختياري)
order-holds = التعليق
order-holds-none = لا شيء
order-hold-by = { $who }‏، { $at }
order-hold-until = حتى { $at }
order-hold-add = تعليق الطلب
order-hold-release = رفع التعليق
order-hold-outcome = ما آل إليه الأمر (اختياري)
order-hold-day = يُرفع تلقائيا يوم (اختياري)
order-escalation = التصعيد
order-escalation-agent = الموظف
order-escalation-level = لدى
order-escalation-owner = المتكفل
order-escalation-due = الأجل
order-escalation-late = لا جواب قبل { $at }.
order-escalation-take = تكفل
order-escalation-answer = جواب
order-escalation-answer-text = الجواب للموظف
order-escalation-pass = تصعيد إلى مستوى أعلى
order-escalation-pass-why = السبب
order-escalation-resolve = تسوية
order-escalation-resolve-text = ما آل إليه الأمر (اختياري)
order-escalate = تصعيد
order-escalate-message = ما المشكلة
order-escalate-to = إلى
order-escalate-next = المستوى التالي
order-files = صور وملفات
order-file = ملف
order-file-hint = صورة أو ملف PDF أو تسجيل أو جدول
order-file-add = إضافة ملف
order-file-kind = المحتوى
order-file-caption = وصف (اختياري)
order-file-internal = الفريق
order-file-visible = الزبون أيضا
order-file-remove = إزالة { $name }
order-tag-add = إضافة وسم
order-tag-remove = إزالة الوسم { $tag }
order-tags-none = لا وسوم
order-facts-edit = تعديل التفاصيل
order-facts-save = حفظ
order-done-held = تم تعليق الطلب
order-done-released = تم رفع التعليق
order-done-escalated = تم تصعيد المشكلة
order-done-acknowledged = تم التكفل بالتصعيد
order-done-answered = أُرسل الجواب
order-done-passed = تم التصعيد إلى مستوى أعلى
order-done-resolved = تمت تسوية التصعيد
order-done-tagged = أُضيف الوسم
order-done-untagged = أُزيل الوسم
order-done-facts = حُفظت التفاصيل
order-done-tracked = أُضيفت مرحلة التتبع
order-done-attached = أُضيف الملف
order-done-detached = أُزيل الملف
order-done-restored = أُعيد الملف
order-done-paid = سُجلت الدفعة
order-done-archived = أُرشف الطلب
order-done-unarchived = أُخرج الطلب من الأرشيف
order-done-inside = تغيرت الحالة الفرعية
order-done-edited = طُبقت التعديلات
order-done-dropped = تم التخلي عن المقترح
order-done-placed = سُجل الطلب

escalation-open = في الانتظار
escalation-acknowledged = قيد التكفل
escalation-answered = تم الجواب
escalation-resolved = تمت التسوية

file-packing = التغليف
file-shipping = الشحن
file-proof = إثبات
file-other = أخرى

txn-payment = دفعة
txn-refund = رد مبلغ
txn-chargeback = استرجاع بنكي
txn-pending = في الانتظار
txn-settled = مسوّاة
txn-failed = فاشلة

message-queued = الرسالة { $subject } في انتظار الإرسال
message-sent = تم إرسال الرسالة { $subject }
message-skipped = لم تُرسل الرسالة { $subject }
message-failed = تعذر إرسال الرسالة { $subject }

history-paid = تسجيل حركة مالية من طرف { $who }

# لمن الطلب
order-agent-since = منذ { $at }
order-agent-theirs = طلباته
order-agent-you = أنت
order-agent-nobody = لا أحد يتولاه بعد
order-agent-nobody-hint = يمكن لأي موظف متفرغ استلامه.
order-agent-take = استلام
order-agent-change = تغيير الموظف
order-agent-to = إسناد إلى
order-agent-choose = اختر زميلاً
order-agent-give = إسناد
order-done-given = الطلب الآن لدى { $name }
order-done-taken = الطلب الآن لديك
order-done-freed = الطلب الآن دون موظف
