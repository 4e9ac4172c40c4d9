# Looking an order up, the page of one order, a customer's own orders.

track-window = { $title } · { $store }
track-privacy = رقمك وعنوانك لا يظهران كاملين في هذه الصفحة.

# Looking an order up

track-find-title = أين طلبي؟
track-find-intro = أدخل رقم طلبك. ومع آخر أربعة أرقام من هاتفك ترى كل تفاصيله.
track-find-number = رقم الطلب
track-find-number-hint = تجده في الرسالة التي أكدت طلبك.
track-find-proof = آخر أربعة أرقام من هاتفك، أو بريدك الإلكتروني
track-find-proof-hint = كما أعطيتها مع الطلب. إن تركتها فارغة تعرض الصفحة حالة الطلب فقط.
track-find-button = بحث
track-find-more = لرؤية الطرد والمبلغ والعنوان، أضف آخر أربعة أرقام من هاتفك.
track-find-several = أكثر من طلب يطابق. اختر طلبك.
track-help = لم تجد شيئا؟
track-help-number = تحقق من الرقم في رسالتك: من السهل قلب رقمين.
track-help-phone = استعمل الهاتف الذي طلبت به، حتى لو جاء الاتصال على رقم آخر.
track-help-store = قد يحتاج الطلب الجديد بضع دقائق ليظهر. بعدها يستطيع المتجر مساعدتك.

# One order

track-order = طلب رقم { $number }
track-state = حالة الطلب
track-route = مسار الطلب
track-progress = تقدم الطلب: { $percent }
track-items = ماذا في الطرد
track-pay-door = تدفع عند الاستلام
track-pay-open = المبلغ المطلوب
track-pay-nothing = لا شيء للدفع
track-pay-total = المجموع
track-parcel = الطرد
track-parcel-number = رقم التتبع
track-news = أخبار الطرد
track-said = من المتجر
track-address = عنوان التسليم
track-contact = سؤال عن هذا الطلب؟
track-contact-text = { $store } في خدمتك. أبق الرقم { $number } قريبا منك.
track-call = اتصال
track-whatsapp = واتساب
track-hello = مرحبا، بخصوص الطلب رقم { $number }.
track-reload = تحديث
track-as-of = آخر تحديث { $time }
track-mine = كل طلباتي
track-other = البحث عن طلب آخر
track-spent-title = هذا الرابط لم يعد يعمل
track-spent-text = انتهت مدته أو أوقفه المتجر. ابحث عن طلبك برقمه.
track-off-title = هذه الصفحة غير موجودة
track-off-text = المتجر لا يعرض طلباته هنا. اسأله مباشرة.

# Where it stands: a heading and what it means

track-h-received = استلمنا طلبك
track-s-received = سنتصل بك لتأكيده. أبق هاتفك قريبا منك.
track-h-not-reached = لم نتمكن من الوصول إليك
track-s-not-reached = اتصلنا بك لتأكيد طلبك وسنحاول من جديد. يمكنك أيضا الاتصال بنا.
track-h-confirmed = طلبك مؤكد
track-s-confirmed = سنحضره الآن.
track-h-waiting = طلبك ينتظر توفر المخزون
track-s-waiting = نفد أحد منتجاته حاليا. نرسله فور وصوله.
track-h-preparing = نحضر طردك
track-s-preparing = بعدها يذهب إلى شركة التوصيل.
track-h-sent = طلبك في الطريق إليك
track-s-sent = هو مع شركة التوصيل. ستتلقى اتصالا قبل التسليم.
track-h-at-office = طردك في انتظارك
track-s-at-office = هو في مكتب شركة التوصيل. اتصل بنا إن لم تعرف أي مكتب.
track-h-near = طلبك مع الموزع
track-s-near = أبق هاتفك قريبا منك؛ ستتلقى اتصالا.
track-h-not-met = لم يجدك الموزع
track-s-not-met = اختر يوما آخر أدناه أو اتصل بنا؛ طردك محفوظ.
track-h-delivered = تم تسليم طلبك
track-s-delivered = شكرا لك. إن كان فيه خلل فأخبرنا أدناه.
track-h-return-asked = طلبت الإرجاع
track-s-return-asked = ندرس طلبك ونجيبك.
track-h-return-accepted = قُبل طلب الإرجاع
track-s-return-accepted = سلّم الطرد كما اتفقت مع المتجر.
track-h-returning = طردك عائد إلى المتجر
track-s-returning = لم يتم تسليمه. إن كنت ما زلت تريده فاتصل بنا قريبا.
track-h-back = عاد طردك إلى المتجر
track-s-back = إن كنت ما زلت تريد الطلب، أو كان لك مبلغ، فاتصل بنا.
track-h-refunded = أُعيد إليك المبلغ
track-s-refunded = هذا الطلب مغلق. إن لم يصلك شيء فاتصل بنا.
track-h-cancelled = هذا الطلب ملغى
track-s-cancelled = لن يُسلَّم شيء ولا شيء عليك دفعه. إن كان هذا خطأ فاتصل بنا.
track-h-lost = ضاع طردك
track-s-lost = نعتذر منك. اتصل بنا: نرسله من جديد أو نعيد إليك مالك.

# The promise

track-promise-today = يصل اليوم، { $day }
track-promise-tomorrow = يصل غدا، { $day }
track-promise-on = يصل { $day }
track-promise-late = كان الموعد { $day } وقد تأخر. نتابعه الآن؛ اتصل بنا إن كنت مستعجلا.
track-day = { $weekday } { $date }
track-at = { $weekday } { $date}، { $time }
track-at-today = اليوم، { $time }
track-monday = الاثنين
track-tuesday = الثلاثاء
track-wednesday = الأربعاء
track-thursday = الخميس
track-friday = الجمعة
track-saturday = السبت
track-sunday = الأحد

# Stops of the way

track-stage-received = استلمنا الطلب
track-stage-confirmed = أكدناه معك
track-stage-prepared = تحضير الطرد
track-stage-sent = مع شركة التوصيل
track-stage-near = مع الموزع
track-stage-delivered = تم التسليم
track-stage-return-asked = طلب الإرجاع
track-stage-return-accepted = قبول الإرجاع
track-stage-back = عاد إلى المتجر
track-stage-refunded = إعادة المبلغ
track-stage-cancelled = ملغى

# Words of couriers

track-news-packed = تم تغليفه
track-news-picked-up = استلمته شركة التوصيل
track-news-in-transit = في الطريق
track-news-at-hub = في مركز التوصيل
track-news-at-office = في مكتب شركة التوصيل
track-news-out = مع الموزع
track-news-failed = لم يُسلَّم
track-news-delivered = تم التسليم
track-news-returned = عاد إلى المتجر

# What a customer asks for

track-ask = طلب تغيير
track-ask-return = مشكلة أو إرجاع
track-ask-intro = يقرؤه المتجر ويجيبك. لا شيء يتغير قبل ذلك.
track-ask-what = الموضوع
track-ask-text = بكلماتك
track-ask-send = إرسال
track-ask-done = وصلت رسالتك إلى المتجر وسيجيبك.
track-wish-day = يوم تسليم آخر
track-wish-address = تصحيح العنوان
track-wish-cancel = إلغاء الطلب
track-wish-return = إرجاع أو استبدال
track-wish-other = شيء آخر
# What a customer changes herself

track-own = طلبك بين يديك
track-own-change = تعديل المنتجات أو اليوم أو العنوان
track-own-change-less = تعديل اليوم أو العنوان
track-own-cancel = إلغاء الطلب
track-own-back = العودة إلى الطلب
track-own-over = لم يعد ممكنا تعديل هذا الطلب هنا. راسل المتجر من صفحة الطلب أو اتصل به.
track-own-proof-hint = كما وردا في الطلب، حتى لا يعدّله غيرك.
track-change-title = تعديل طلبك
track-change-intro = املأ ما تريد تغييره فقط، والباقي يبقى كما هو.
track-change-done = تم تعديل طلبك، والمتجر يراه.
track-change-items = المنتجات
track-change-items-hint = عدد كل منتج؛ 0 يحذفه.
track-change-when = التوصيل
track-change-day = يوم آخر
track-change-day-hint = من الغد إلى 30 يوما من الآن.
track-change-where = العنوان
track-change-street = الشارع والعمارة والباب
track-change-city = المدينة أو البلدية
track-change-province = الولاية
track-change-keep = كما هي
track-change-who = المستلم
track-change-name = الاسم
track-change-phone = الهاتف
track-change-save = حفظ التعديل
track-cancel-title = إلغاء طلبك
track-cancel-intro = لن يُسلَّم الطلب { $number } ولا شيء عليك دفعه. لا يمكن التراجع عن هذا هنا.
track-cancel-why = السبب
track-cancel-text-hint = ضروري إن اخترت سببا آخر.
track-cancel-do = إلغاء الطلب
track-cancel-done = تم إلغاء طلبك.
track-reason-changed-mind = لم أعد أريده
track-reason-delivery-time = التوصيل يستغرق وقتا طويلا
track-reason-price = السعر مرتفع
track-reason-duplicate = طلبته مرتين
track-reason-other = سبب آخر

# A customer's own orders

mine-title = طلباتي
mine-intro = أدخل رقم الهاتف أو البريد الذي تطلب به. يصلك رمز يفتح قائمة طلباتك.
mine-contact = الهاتف أو البريد الإلكتروني
mine-contact-button = الحصول على رمز
mine-have-code = لدي رمز
mine-code-title = أدخل رمزك
mine-code-sent = إن كان { $contact } لأحد زبائننا فالرمز في الطريق عبر البريد الإلكتروني. لا بريد لديك؟ اتصل بالمتجر ليقرأ لك أحدهم رمزا.
mine-code = رمز من ستة أرقام
mine-code-hint = صلاحيته 10 دقائق.
mine-code-button = فتح طلباتي
mine-again = رقم آخر
mine-leave = خروج
mine-over = انتهت مدة الدخول. احصل على رمز جديد للمتابعة.
mine-left = تم الخروج. طلباتك مغلقة على هذا الجهاز.
mine-figures = أرقامك
mine-orders = الطلبات
mine-coming = في الطريق
mine-delivered = المسلّمة
mine-spent = المشتريات
mine-back = الملغاة أو المرتجعة
mine-since = زبون منذ { $date }
mine-more-figures = أرقام أكثر
mine-kept = ما احتفظت به مما وصل
mine-spent-total = المجموع
mine-spent-average = متوسط الطلب الواحد
mine-months = آخر اثني عشر شهرا
mine-month = الشهر
mine-bar = الطلبات كعمود
mine-search = البحث في طلباتي
mine-show = عرض
mine-show-all = الكل
mine-show-coming = في الطريق
mine-show-delivered = المسلّمة
mine-show-ended = الملغاة أو المرتجعة
mine-sort = الترتيب
mine-sort-newest = الأحدث أولا
mine-sort-oldest = الأقدم أولا
mine-sort-total = الأعلى مبلغا
mine-apply = تطبيق
mine-empty-title = لا طلبات بعد
mine-empty-text = ما إن تطلب حتى يظهر طلبك هنا.
mine-none-title = لا شيء يطابق
mine-none-text = لا يطابق أي من طلباتك هذا البحث.
mine-none-clear = عرض كل الطلبات
mine-many = يُبحث في أحدث { $n } طلب.
mine-lost-title = أي متجر؟
mine-lost-text = افتح هذه الصفحة من رسالة متجرك، أو ابحث عن طلب برقمه.
mine-things = { $count ->
    [zero] لا منتجات
    [one] منتج واحد
    [two] منتجان
    [few] { $n } منتجات
    [many] { $n } منتجا
   *[other] { $n } منتج
}

# What can go wrong

error-setting-phone = المتوقع: رقم هاتف مع رمز البلد، مثل ‎+213 550 14 23 87.
error-setting-colour = المتوقع: لون مثل ‎#0b6b5d.
error-setting-contrast = الأبيض غير مقروء على هذا اللون: التباين { $found }، والحد الأدنى 4.5. اختر لونا أغمق.
error-tracking-no-match = لم نجد طلبا مطابقا. تحقق من الرقم والأرقام الأربعة.
error-tracking-proof = لأكثر من طلب هذا الرقم. أضف آخر أربعة أرقام من هاتفك.
error-tracking-code = الرمز غير صحيح أو انتهت مدته. اطلب رمزا جديدا.
error-tracking-wish = لم يعد هذا ممكنا لهذا الطلب. اتصل بالمتجر.
error-tracking-wishes = وصل المتجر عدة رسائل منك اليوم. اتصل به أو اكتب غدا.
error-tracking-own-proof = هذا لا يطابق الطلب. اكتب آخر أربعة أرقام من هاتف الطلب أو بريدك الإلكتروني.
error-tracking-not-hers = تقدّم الطلب ولم يعد ممكنا تعديله هنا. راسل المتجر من صفحة الطلب أو اتصل به.
error-tracking-day = اختر يوما من { $first } إلى { $last }.
error-file-logo = الشعار صورة: PNG أو JPEG أو WebP. لا يُقبل SVG لأنه قد يحمل برامج.
error-contact = المتوقع: رقم هاتف أو بريد إلكتروني.
