# One action on many orders.

bulk-bar = الطلبات المحددة
bulk-ticked = المحددة
bulk-ticked-one = محدد: { $n }
bulk-ticked-many = المحدد: { $n }
bulk-pick = تحديد الطلب { $number }
bulk-pick-page = تحديد هذه الصفحة
bulk-picking = تحديد الطلبات
bulk-pick-none = إلغاء التحديد
bulk-select-all = { $count ->
    [zero] لا شيء للتحديد
    [one] تحديد طلب هذا العرض
    [two] تحديد طلبي هذا العرض
    [few] تحديد كل الطلبات { $n } في هذا العرض
    [many] تحديد كل الطلبات { $n } في هذا العرض
    *[other] تحديد كل الطلبات { $n } في هذا العرض
}
bulk-assign = إسناد
bulk-tags = الوسوم
bulk-tags-add = إضافة وسوم
bulk-tags-remove = إزالة وسوم
bulk-tags-hint = تُفصل الوسوم بفواصل.
bulk-move = تقديم
bulk-move-how = الطريقة
bulk-move-on = إلى المرحلة التالية
bulk-move-to = النقل إلى { $state }
bulk-priority = الأولوية
bulk-set-priority = الأولوية { $priority }
bulk-cancel = إلغاء الطلبات
bulk-archive = أرشفة
bulk-unarchive = إعادة إلى القائمة اليومية
bulk-notify = إبلاغ الزبائن
bulk-notifies = إبلاغ الزبائن حسب الإعدادات
bulk-about = { $count ->
    [zero] بدون طلبات.
    [one] لطلب واحد.
    [two] لطلبين.
    [few] لعدد { $n } طلبات.
    [many] لعدد { $n } طلباً.
    *[other] لعدد { $n } طلب.
}
bulk-about-view = لكل طلبات هذا العرض.
bulk-tried-first = يُجرَّب كل طلب أولاً، وتظهر النتيجة قبل أي تغيير.
bulk-try = تجربة
bulk-runs = الإجراءات الجماعية
bulk-runs-window = الإجراءات الجماعية · الطلبات · قافلة
bulk-runs-text = ما جرى على عدة طلبات دفعة واحدة، ونتيجة كل منها.
bulk-runs-none = لا إجراء جماعياً بعد
bulk-runs-none-text = تحديد طلبات في القائمة ثم اختيار الإجراء.
bulk-orders = { $count ->
    [zero] لا طلبات
    [one] طلب واحد
    [two] طلبان
    [few] { $n } طلبات
    [many] { $n } طلباً
    *[other] { $n } طلب
}
bulk-refused-n = { $count ->
    [zero] دون رفض
    [one] رفض واحد
    [two] رفضان
    [few] { $n } مرفوضة
    [many] { $n } مرفوضاً
    *[other] { $n } مرفوض
}
bulk-by = { $who }‏، { $at }
bulk-found = الطلبات
bulk-waiting = في الانتظار
bulk-done = منجزة
bulk-unchanged = كما هي
bulk-refused = مرفوضة
bulk-skipped = تغيرت في الأثناء
bulk-error-rate = نسبة الأخطاء
bulk-undone = متراجع عنها
bulk-kept = متروكة كما هي
bulk-item-undone = تم التراجع.
bulk-item-kept = متروك كما هو.
bulk-would-do = { $count ->
    [zero] لن يُنفَّذ على أي طلب
    [one] سيُنفَّذ على طلب واحد
    [two] سيُنفَّذ على طلبين
    [few] سيُنفَّذ على { $n } طلبات
    [many] سيُنفَّذ على { $n } طلباً
    *[other] سيُنفَّذ على { $n } طلب
}
bulk-would-not-change = { $count ->
    [zero] لا طلب على هذه الحال
    [one] طلب واحد على هذه الحال
    [two] طلبان على هذه الحال
    [few] { $n } طلبات على هذه الحال
    [many] { $n } طلباً على هذه الحال
    *[other] { $n } طلب على هذه الحال
}
bulk-refusals = ستُرفض
bulk-start = { $count ->
    [zero] بدء التنفيذ
    [one] تنفيذ على طلب واحد
    [two] تنفيذ على طلبين
    [few] تنفيذ على { $n } طلبات
    [many] تنفيذ على { $n } طلباً
    *[other] تنفيذ على { $n } طلب
}
bulk-go-on = { $count ->
    [zero] متابعة
    [one] متابعة مع طلب واحد
    [two] متابعة مع طلبين
    [few] متابعة مع { $n } طلبات
    [many] متابعة مع { $n } طلباً
    *[other] متابعة مع { $n } طلب
}
bulk-careful = البدء بدفعة صغيرة أو التوقف عند الأخطاء أو التأجيل
bulk-first-label = كم أولاً
bulk-first-all = الكل
bulk-first = { $count ->
    [zero] { $n } ثم الانتظار
    [one] { $n } ثم الانتظار
    [two] { $n } ثم الانتظار
    [few] { $n } ثم الانتظار
    [many] { $n } ثم الانتظار
    *[other] { $n } ثم الانتظار
}
bulk-stop-label = التوقف عند الرفض
bulk-stop-never = أبداً
bulk-stop-above = فوق { $share }
bulk-at-label = وقت البدء
bulk-retry = { $count ->
    [zero] إعادة المحاولة
    [one] إعادة محاولة الطلب الذي لم يُنفَّذ
    [two] إعادة محاولة الطلبين اللذين لم يُنفَّذا
    [few] إعادة محاولة { $n } طلبات لم تُنفَّذ
    [many] إعادة محاولة { $n } طلباً لم يُنفَّذ
    *[other] إعادة محاولة { $n } طلب لم يُنفَّذ
}
bulk-undo = تراجع
bulk-undo-until = ممكن حتى { $at }
bulk-stop = إيقاف
bulk-items = طلبات هذا الإجراء
bulk-items-none = لا طلب هنا.
bulk-outcome = النتيجة
bulk-show = عرض
bulk-file = النتائج في ملف
bulk-is-preparing = قيد التجربة
bulk-is-ready = جاهز
bulk-is-scheduled = مجدول
bulk-is-running = قيد التنفيذ
bulk-is-paused = متوقف مؤقتاً
bulk-is-stopped = متوقف بسبب الأخطاء
bulk-is-done = منجز
bulk-is-cancelled = ملغى
bulk-is-failed = منقطع
bulk-is-undoing = قيد التراجع
bulk-is-undone = متراجع عنه
bulk-says-preparing = يُجرَّب كل طلب. لا شيء يتغير بعد.
bulk-says-ready = انتهت التجربة. لم يتغير شيء بعد.
bulk-says-scheduled = يبدأ من تلقاء نفسه: { $at }.
bulk-says-running = قيد التنفيذ. يمكن مغادرة هذه الصفحة.
bulk-says-paused = انتهت الدفعة الأولى. مراجعتها ثم المتابعة.
bulk-says-stopped = كثرت المرفوضات فتوقف. ما أُنجز يبقى.
bulk-says-done = لكل طلب نتيجته.
bulk-says-cancelled = أُوقف الإجراء. ما أُنجز يبقى.
bulk-says-failed = انقطع الإجراء. لا طلب نصف منجز؛ إعادة البدء ممكنة.
bulk-says-undoing = تُعاد الطلبات كما كانت.
bulk-says-undone = الطلبات التي لم تُمس منذئذ عادت كما كانت.
