-- What lists of orders filter by and had no index of its own.

-- As the indexes of 0006: one filter by one value, in the daily lists or out of them, sorted by created_at either way.
create index orders_city on orders (org_id, city, is_archived, created_at, id) where city is not null;
create index orders_method on orders (org_id, payment_method, is_archived, created_at, id);

-- When the order of the line was placed, which never changes. Orders by what they sell, the newest first, as before, but
-- by the day of the order and not by that of its writing; archived ones are among them, as in a customer's history.
alter table order_lines add column placed_at bigint not null default 0;
update order_lines
   set placed_at = (select o.created_at from orders o where o.org_id = order_lines.org_id and o.id = order_lines.order_id);
drop index order_lines_variant;
create index order_lines_variant on order_lines (org_id, variant_id, placed_at, order_id);

-- Customers of one store by what they bought there. Those who stand outside of a partial index have nothing to compare: one
-- order, nothing delivered, nothing that came to its end; they follow by their last order. The smallest share of delivered
-- orders is the largest of returned ones. The words of each condition and share stand in customers/src/store/figures.rs.
create index customer_totals_last on customer_totals (org_id, store_id, last_order_at, customer_id);
create index customer_totals_orders on customer_totals (org_id, store_id, orders, customer_id) where orders > 1;
create index customer_totals_spent on customer_totals (org_id, store_id, delivered_total, customer_id) where delivered_total > 0;
create index customer_totals_share on customer_totals (org_id, store_id, (delivered * 1000000 / nullif(delivered + returned, 0)), customer_id)
 where delivered + returned > 0;
