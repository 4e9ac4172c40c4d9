# Statuses and moves: states with their sub-statuses, moves with what they ask for, the draft, versions, the file.

status-title = الحالات والانتقالات
status-tab-states = الحالات
status-tab-moves = الانتقالات
status-tab-draft = المسودة
status-tab-versions = الإصدارات
status-tab-file = الملف
status-as-built = كما هي أصلاً
status-version = الإصدار { $n }
status-graph = كيف تنتقل الطلبات بين الحالات
status-arrow = من { $from } إلى { $to }: { $action }
status-legend-open = مفتوح
status-legend-guarded = بشرط
status-legend-off = موقوف
status-customer-hears = يُبلَّغ الزبون
status-erp-hears = يُبلَّغ نظام الإدارة
status-state-about = الحالة { $state }. تدخل التغييرات المسودة أولاً.
status-labels-text = الفراغ يعني الاسم الأصلي.
status-tone-usual = كما هو أصلاً
status-tone-of-state = مثل الحالة
status-color = لون خاص
status-color-hint = مثل #b45309، للبرامج والشاشات الأخرى. الفراغ يعني بدون.
status-progress = التقدم
status-progress-hint = مدى تقدم الطلب هنا من 0 إلى 100. الفراغ كما هو أصلاً.
status-notifies = يُبلَّغ الزبون
status-notifies-hint = حين يصل الطلب إلى هنا.
status-syncs = يُبلَّغ نظام الإدارة
status-syncs-hint = متى كان له عنوان.
status-as-built-mark = كما هو أصلاً
status-as-state = مثل الحالة
status-subs = الحالات الفرعية
status-subs-text = مواضع مسماة داخل الحالة: «لا يرد»، «مغلّف». تنتقل الطلبات بينها دون مغادرة الحالة.
status-new-sub = حالة فرعية جديدة
status-key = المفتاح
status-key-hint = حروف لاتينية صغيرة وأرقام وشرطات سفلية: no_answer. تنتمي إلى هذه الحالة نهائياً.
status-order = الترتيب
status-default = افتراضية
status-default-hint = تصل إليها الطلبات التي لا تحدد موضعاً آخر.
status-archived = مؤرشفة
status-archived-hint = لا يصل إليها طلب جديد، ويبقى من فيها.
status-next = يمكن أن تليها
status-next-hint = عدم التحديد يعني كل غيرها في الحالة.
status-forbids = لا يمكن فعله من هنا
status-forbids-hint = تتوقف هذه الانتقالات ما دام الطلب هنا.
status-ways = المخارج
status-guards = ما يُطلب
status-guards-text = يجب أن يتحقق كله، وإلا رُفض الانتقال مع بيان الناقص.
status-remove = إزالة هذه الحالة الفرعية
status-remove-hint = تحدد في المسودة أين تذهب طلباتها.
status-to-draft = إدخال في المسودة

status-moves-title = الانتقالات
status-moves-about = كل خطوة يمكن للطلب اتخاذها. يمكنك إيقاف خطوات أو اشتراط المزيد، ولا تضاف خطوات جديدة.
status-off = موقوف
status-reason-needed = سبب
status-move-off = إيقاف هذا الانتقال
status-move-off-hint = لا يستطيعه أحد، لا بصفحة ولا ببرنامج. لا تتقيد به ملفات الماضي.
status-move-right = الصلاحية اللازمة
status-move-reason = يجب ذكر السبب

guard-asks = الشرط { $n }
guard-value = القيمة { $n }
guard-value-hint = ما يرافق الشرط، انظر أدناه.
guard-none = بلا شرط
guard-help = القيم الممكنة
guard-help-tag = اسم وسم
guard-help-role = اسم دور
guard-kind-reason = سبب من القائمة
guard-kind-note = توضيح بالكلمات
guard-kind-notes = عدد من الملاحظات من نوع
guard-kind-field = حقل معبأ
guard-kind-tag = وسم
guard-kind-role = دور
guard-kind-right = صلاحية إضافية
guard-kind-confirmation = مدى المكالمة
guard-kind-payment = مدى الدفع
guard-reason = سبب من القائمة
guard-note = ملاحظة توضح السبب
guard-tag = الوسم «{ $tag }»
guard-field = معبأ: { $field }
guard-right = الصلاحية: { $right }
guard-role = الدور { $role }
guard-confirmation = المكالمة: { $is }
guard-payment = الدفع: { $is }
guard-notes = { $least } ملاحظات «{ $kind }» على الأقل
guard-field-phone = الهاتف
guard-field-street = الشارع
guard-field-city = البلدية
guard-field-province = الولاية
guard-field-postal-code = الرمز البريدي
guard-field-tracking = رقم التتبع
guard-field-courier = شركة التوصيل
guard-field-agent = الموظف
guard-field-customer = الزبون
guard-field-expected-on = تاريخ التسليم
guard-field-external-ref = المرجع
call-pending = لم تبدأ
call-attempting = قيد الاتصال
call-confirmed = مؤكدة
call-failed = فاشلة
call-abandoned = متروكة

status-draft-title = المسودة
status-draft-about = تنتظر تغييراتك هنا: راجعها وجرّبها على طلباتك ثم فعّلها.
status-draft-changes = { $count ->
    [zero] تنتظر مسودة بلا تغيير.
    [one] تنتظر مسودة بتغيير واحد.
    [two] تنتظر مسودة بتغييرين.
    [few] تنتظر مسودة بـ { $n } تغييرات.
    [many] تنتظر مسودة بـ { $n } تغييراً.
    *[other] تنتظر مسودة بـ { $n } تغيير.
}
status-draft-look = عرضها
status-draft-none = لا توجد مسودة
status-draft-none-text = غيّر حالة أو انتقالاً، فينتظر هنا حتى تفعّله.
status-draft-gone = لم تعد المسودة موجودة: فعّلها أحد أو حذفها.
status-draft-stale = تغيّرت القواعد أو المسودة في هذه الأثناء. أدناه ما هو قائم الآن، راجعه وأعد الإرسال.
status-draft-outdated = سرى الإصدار { $n } منذ إنشاء هذه المسودة.
status-draft-lost = توجد مسودة، والرجوع يحل محلها.
status-rebase = مقارنة مع الإصدار الساري
status-differences = ما يتغير
status-no-differences = لا اختلاف.
status-place = الموضع
status-before = قبل
status-after = بعد
status-map-title = أين تذهب طلباتها؟
status-map-text = تزول هذه الحالات الفرعية. حدد أين تنتقل الطلبات التي فيها.
status-map-choose = اختيار
status-map-default = الافتراضية في الحالة
status-trial-title = تجربة على طلباتك
status-try = تجربة
status-trial-none = لم تُجرَّب منذ آخر تغيير. التجربة لا تغيّر شيئاً.
status-trial-running = فحص الطلبات: { $done } من { $total }
status-trial-again = تحديث
status-trial-failed = لم تكتمل التجربة. أعد المحاولة.
status-trial-clean = { $count ->
    [zero] لا طلبات لفحصها.
    [one] فُحص طلب واحد ولا ملاحظات.
    [two] فُحص طلبان ولا ملاحظات.
    [few] فُحصت { $n } طلبات ولا ملاحظات.
    [many] فُحص { $n } طلباً ولا ملاحظات.
    *[other] فُحص { $n } طلب ولا ملاحظات.
}
status-trial-found = { $count ->
    [zero] لا طلبات لفحصها.
    [one] فُحص طلب واحد. يُلاحظ:
    [two] فُحص طلبان. يُلاحظ:
    [few] فُحصت { $n } طلبات. يُلاحظ:
    [many] فُحص { $n } طلباً. يُلاحظ:
    *[other] فُحص { $n } طلب. يُلاحظ:
}
status-no-substatus = بلا حالة فرعية
status-found-gone = تنتقل إلى: { $to }
status-found-archived = في حالة فرعية مؤرشفة
status-found-without = بلا حالة فرعية مع أن لحالتها بعضها
status-found-stuck = لا يمكنها التقدم بعدها
status-found-guard = ينقصها { $guard } من أجل: { $action }
status-activate-title = التفعيل
status-activate-text = يسري فوراً على الجميع. يبقى الإصدار السابق ويمكن الرجوع إليه.
status-note = السبب
status-activate = تفعيل
status-discard = حذف المسودة
status-discard-title = حذف المسودة؟
status-discard-text = تضيع تغييراتها، ويبقى الساري كما هو.

status-versions-title = الإصدارات
status-versions-about = كل مجموعة قواعد سرت يوماً، مع من ولماذا.
status-versions-none = لم يغيّر أحد القواعد بعد.
status-origin-rules = القواعد
status-origin-settings = الإعدادات
status-origin-restore = رجوع إلى إصدار سابق
status-in-force = ساري
status-when = متى
status-who = من
status-how = عبر
status-why = لماذا
status-changed-then = ما غيّره
status-changes-back = الرجوع إليه يغيّر
status-back-to = نقل إلى المسودة

status-file-title = ملف واحد
status-file-about = كل ذلك في ملف JSON واحد، للحفظ والمقارنة والنقل إلى مؤسسة أخرى.
status-export = تنزيل الساري
status-file-label = القواعد بصيغة JSON
status-file-hint = ما تجلبه يصير مسودة. لا يسري شيء قبل موافقتك.
status-file-choose = اختيار ملف
status-import = جلب كمسودة
status-file-broken = هذا ليس JSON: السطر { $line }، العمود { $column }.
status-file-mistakes = { $count ->
    [zero] لا أخطاء.
    [one] خطأ واحد، ولم يؤخذ شيء.
    [two] خطآن، ولم يؤخذ شيء.
    [few] { $n } أخطاء، ولم يؤخذ شيء.
    [many] { $n } خطأً، ولم يؤخذ شيء.
    *[other] { $n } خطأ، ولم يؤخذ شيء.
}
