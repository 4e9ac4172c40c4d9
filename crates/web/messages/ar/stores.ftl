# Stores, and the steps of the first start after the first Admin is in.

stores-title = المتاجر
stores-subtitle = { $count ->
    [zero] لا متجر مفتوح
    [one] متجر واحد مفتوح
    [two] متجران مفتوحان
    [few] { $n } متاجر مفتوحة
    [many] { $n } متجراً مفتوحاً
    *[other] { $n } متجر مفتوح
}
stores-new = متجر جديد
stores-new-text = مثل متجرك الأول ما لم تغيّر شيئاً.
stores-open = فتح المتجر
stores-fixed = { $code }، البيع بعملة { $currency }
stores-is-open = مفتوح
stores-archived = مؤرشف
stores-is-archived = هذا المتجر مؤرشف: لا يستقبل طلبات جديدة، وتبقى طلباته وأرقامه.
stores-archive = أرشفة
stores-archive-title = أرشفة { $name }؟
stores-archive-text = لن يستقبل طلبات جديدة، لا من الملفات ولا من المتاجر الإلكترونية. تستمر طلباته وتبقى أرقامه، ويمكن فتحه من جديد في أي وقت.
stores-reopen = إعادة الفتح
stores-orders-today = طلبات اليوم
stores-tax = الضريبة
stores-no-tax = بدون
stores-group-what = المتجر
stores-group-where = مكان البيع
stores-group-money = المال
stores-group-hours = ساعات العمل
stores-hours-text = تلتزم المكالمات والتذكيرات والآجال بهذه الساعات، بتوقيت المتجر. تُفصل فترات اليوم الواحد بفواصل، واليوم الفارغ يوم عطلة.
stores-name = الاسم
stores-color = اللون
stores-color-hint = لون شارته في القوائم.
stores-language = لغة زبائنه
stores-language-hint = الرسائل بهذه اللغة ما لم يختر الزبون غيرها.
stores-country-hint = تُقرأ العناوين وأرقام الهاتف كما في هذا البلد.
stores-currency-hint = ثابتة متى صارت للمتجر طلبات.
stores-shipping-fee = رسوم التوصيل
stores-shipping-fee-hint = تضاف إلى الطلب الذي لا يحدد غيرها.
stores-cod-fee = رسوم الدفع عند الاستلام
stores-cod-fee-hint = تضاف حين يدفع الزبون عند الباب.
stores-tax-mode = الأسعار
stores-tax-inclusive = شاملة الضريبة
stores-tax-exclusive = الضريبة تضاف إليها
stores-tax-rate = نسبة الضريبة
stores-tax-label = اسم الضريبة
stores-tax-label-hint = كما يظهر في الفواتير.
stores-holidays = أيام العطل
stores-holidays-hint = يوم في كل سطر، مثل 2026-11-01.
stores-tuesday = الثلاثاء
stores-wednesday = الأربعاء
stores-thursday = الخميس
stores-friday = الجمعة
stores-egypt = مصر
stores-france = فرنسا
stores-morocco = المغرب
stores-nigeria = نيجيريا
stores-pakistan = باكستان
stores-saudi = السعودية
stores-tunisia = تونس
stores-turkey = تركيا
stores-emirates = الإمارات
stores-britain = المملكة المتحدة
stores-america = الولايات المتحدة

setup-money = المال والأماكن
setup-money-note = العملة والبلد والتوقيت
setup-money-title = أين تبيع؟
setup-money-intro = تتبع العناوين وأرقام الهاتف والأيام والمبالغ هذه الاختيارات.
setup-money-usual = هذا هو المعتاد في البلد الذي اخترته. غيّر ما لا يناسب ثم تابع: العملة تبقى ثابتة بعد وصول الطلبات.
setup-team = الفريق
setup-team-note = دعوات برابط
setup-team-title = من يعمل معك؟
setup-team-intro = يحصل كل شخص على رابط لاختيار كلمة السر. يمكنك دعوة آخرين لاحقاً.
setup-team-person = الشخص { $n }
setup-team-button = إرسال الدعوات
setup-orders = أولى الطلبات
setup-orders-note = استيراد أو بداية فارغة
setup-orders-title = كيف تريد أن تبدأ؟
setup-orders-intro = يمكنك تغيير رأيك لاحقاً، فكل الطرق تبقى مفتوحة.
setup-way-import = استيراد طلباتي
setup-way-import-text = ملف CSV أو XLSX. تربط الأعمدة وترى كل خطأ قبل حفظ أي شيء.
setup-way-program = ربط برنامج
setup-way-program-text = يتيح المفتاح لمتجرك الإلكتروني أو جدولك إرسال الطلبات عبر واجهة البرمجة.
setup-way-empty = البدء من دون طلبات
setup-way-empty-text = تصل الطلبات الجديدة تباعاً.
setup-demo = لتجربة متجر مليء بالحركة على حاسوب آخر، شغّل
setup-back = رجوع
setup-skip = لاحقاً
