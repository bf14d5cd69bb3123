-- Sums by quarter of an hour and agent, and by hour and agent whatever the key: all sums of sessions are
-- made anew of their cells, by way of the list, so that the next adding up brings the new ones too. What
-- stands on the list already is among the cells; its part in promoted keys' sums is still to come.
insert into rollup_delta (workspace, minute, family, key, agent, agent_version, environment, deployment, source,
  count, failed, denied, ms,
  nanos, input_tokens, cache_write_5m_tokens, cache_write_1h_tokens,
  cache_read_tokens, output_tokens, unpriced_tokens, observations)
select workspace, minute, family, key, agent, agent_version, environment, deployment, source,
  -count, -failed, -denied, -ms,
  -nanos, -input_tokens, -cache_write_5m_tokens, -cache_write_1h_tokens,
  -cache_read_tokens, -output_tokens, -unpriced_tokens, array(select -1 - o from unnest(observations) o)
from rollup_delta where family not in ('arrival', 'read');

delete from rollup where promotion = 0 and family not in ('arrival', 'read');

insert into rollup_delta (workspace, minute, family, key, agent, agent_version, environment, deployment, source,
  count, failed, denied, ms,
  nanos, input_tokens, cache_write_5m_tokens, cache_write_1h_tokens,
  cache_read_tokens, output_tokens, unpriced_tokens, observations)
select workspace, minute, family, key,
  coalesce(st.rolled #>> '{dimensions,agent}', ''),
  coalesce(st.rolled #>> '{dimensions,agent_version}', ''),
  coalesce(st.rolled #>> '{dimensions,environment}', ''),
  coalesce(st.rolled #>> '{dimensions,deployment}', ''),
  coalesce(st.rolled #>> '{dimensions,source}', ''),
  count, failed, denied, ms,
  nanos, input_tokens, cache_write_5m_tokens, cache_write_1h_tokens,
  cache_read_tokens, output_tokens, unpriced_tokens, observations
from session_cell c left join session_state st using (workspace, session_id, connection_id);
