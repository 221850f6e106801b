export { ServiceConfig as IssuanceConfig } from '@couplet/service-host';
