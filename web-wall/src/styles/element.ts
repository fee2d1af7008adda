/**
 * The styles of the Element Plus components that pages use. Components are imported one by one
 * (`import { ElDropdown } from 'element-plus'`); a page that uses another one adds its style here.
 */
import 'element-plus/theme-chalk/base.css';
import 'element-plus/theme-chalk/el-popper.css';
import 'element-plus/theme-chalk/el-scrollbar.css';
import 'element-plus/theme-chalk/el-dropdown.css';
import 'element-plus/theme-chalk/el-dropdown-menu.css';
import 'element-plus/theme-chalk/el-dropdown-item.css';
import './element.css';
